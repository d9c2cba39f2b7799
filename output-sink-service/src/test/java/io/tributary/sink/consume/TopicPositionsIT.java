package io.tributary.sink.consume;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.SinkDatabase;
import io.tributary.sink.consume.DescribeTopics.Description;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Positions never go back, whatever happens to the topic, so no record is skipped as applied before. */
class TopicPositionsIT {

    private static final TopicPartition PARTITION = new TopicPartition("sync.output", 3);
    private static final Instant MORNING = Instant.parse("2026-03-01T08:00:00Z");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final SinkDatabase database = SinkDatabase.create();
    private final MockConsumer<byte[], byte[]> broker = new MockConsumer<>("earliest");
    private String topicId = "first";
    private TopicPositions positions = sink();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void areTheOffsetsAsLongAsTheTopicIsTheSame() {
        assertThat(applied(0, 5, MORNING)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(applied(3, 8, MORNING)).as("polled again").containsExactly(3L, 4L, 5L, 6L, 7L);
        positions = sink();
        assertThat(applied(8, 9, MORNING)).as("another sink").containsExactly(8L);
    }

    @Test
    void goOnBehindTheLastOnesWhenATopicWasCreatedAgain() {
        List<Long> before = applied(0, 5_000, MORNING);
        topicId = "second";

        List<Long> after = applied(0, 3, NOON);

        assertThat(after.getFirst()).isGreaterThan(before.getLast());
        assertThat(after).isSorted().doesNotHaveDuplicates();
        positions = sink();
        assertThat(applied(3, 4, NOON)).as("another sink").containsExactly(after.getLast() + 1);
    }

    @Test
    void areKeptForRecordsThatARestoredLogBringsAgainAndNewForThoseBehindIts() {
        applied(0, 5_000, MORNING);
        positions = sink();

        assertThat(applied(0, 1_000, MORNING.minus(Duration.ofHours(1))))
                .as("applied before the log was lost")
                .startsWith(0L, 1L, 2L)
                .allMatch(position -> position < 5_000);
        assertThat(applied(1_000, 1_002, NOON))
                .as("sent after the log was restored")
                .allMatch(position -> position > 5_000);
    }

    @Test
    void areNewForASinkThatReadsOnWhileTheOffsetsGoBack() {
        List<Long> before = applied(0, 10, MORNING);
        topicId = "second";

        assertThat(applied(2, 3, NOON).getFirst()).isGreaterThan(before.getLast());
    }

    @Test
    void ofAReplayAreThoseOfTheSinks() {
        applied(0, 10, MORNING);
        topicId = "second";
        List<Long> live = applied(0, 3, NOON);

        Placement placement = requireNonNull(positions.of(PARTITION.topic()).get(PARTITION.partition()));

        assertThat(placement.place(record(2, NOON)).offset()).isEqualTo(live.getLast());
        assertThat(placement.offset(live.getLast())).isEqualTo(2);
    }

    private TopicPositions sink() {
        return new TopicPositions(database.postgres(), name -> new Description(topicId, 8), Clock.systemUTC());
    }

    /** Positions of records from one offset to another, after which the log ends; all are applied. */
    private List<Long> applied(long from, long to, Instant sentAt) {
        broker.updateEndOffsets(Map.of(PARTITION, to));
        var records = LongStream.range(from, to)
                .mapToObj(offset -> record(offset, sentAt))
                .toList();
        var placed = positions.place(PARTITION, records, broker);
        positions.applied(PARTITION, records.getLast(), placed.getLast().offset());
        return placed.stream().map(ConsumerRecord::offset).toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, Instant sentAt) {
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                sentAt.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }
}
