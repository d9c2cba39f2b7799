package io.tributary.sink.replay;

import io.tributary.sink.consume.Placement;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.TopicPositions;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.replay.Positions.Span;
import io.tributary.sink.replay.Reapply.Read;
import io.tributary.sink.replay.ReplayTable.Advance;
import io.tributary.sink.replay.ReplayTable.LeaseLost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic again, from the start of a replay or its last position, to the end that the topic had when the replay
 * began. Its consumer has no group: the replay stores its own positions, in the transactions that write its records.
 *
 * @param connect opens a consumer that reads committed records, is in no group and commits nothing
 */
public record RunReplay(
        Supplier<Consumer<byte[], byte[]>> connect,
        ReadMessage readMessage,
        ReplayTable table,
        TopicPositions topicPositions,
        Reapply reapply) {

    private static final Logger log = LoggerFactory.getLogger(RunReplay.class);

    private static final Duration PATIENCE = Duration.ofMillis(250);

    /**
     * Returns when the replay is over, or this sink no longer holds it.
     *
     * @param ending whether to leave it to another sink or to a later start; checked after each batch
     * @throws io.tributary.sink.outage.Unavailable an outage of Postgres or the schema registry: claim it again later
     * @throws org.apache.kafka.common.KafkaException an outage of Kafka: claim it again later
     */
    void run(Replay replay, BooleanSupplier ending) {
        table.openTarget(replay);
        try (var consumer = connect.get()) {
            var known = table.positions(replay);
            Positions positions = known.isPresent() ? known.get() : plan().of(consumer, replay);
            if (known.isEmpty()) {
                table.begin(replay, positions, () -> reapply.begin(replay));
            }
            var passage = new Passage(replay, consumer, positions, topicPositions.of(reapply.topic()));
            passage.assign();
            while (!positions.areDone() && !ending.getAsBoolean()) {
                passage.turn();
            }
            if (positions.areDone()) {
                table.succeed(replay);
                log.info("sink.replayEnded: replay ended replayId={} topic={}", replay.id(), reapply.topic());
            } else {
                table.release(replay);
            }
        } catch (LeaseLost e) {
            log.info("sink.replayLeft: replay was cancelled, or taken over by another sink replayId={}", replay.id());
        }
    }

    private PlanReplay plan() {
        return new PlanReplay(reapply.topic(), table.partitionCounts());
    }

    /** One replay, on one consumer. */
    private final class Passage {

        private final Replay replay;
        private final Consumer<byte[], byte[]> consumer;
        private final Positions positions;
        private final Map<Integer, Placement> placements;
        private final byte @Nullable [] key;

        private Passage(
                Replay replay,
                Consumer<byte[], byte[]> consumer,
                Positions positions,
                Map<Integer, Placement> placements) {
            this.replay = replay;
            this.consumer = consumer;
            this.positions = positions;
            this.placements = placements;
            this.key = keyOf(replay.userIntegrationId());
        }

        void assign() {
            List<TopicPartition> open = positions.partitions().stream()
                    .filter(partition -> !positions.of(partition).isDone())
                    .map(partition -> new TopicPartition(reapply.topic(), partition))
                    .toList();
            consumer.assign(open);
            open.forEach(partition ->
                    consumer.seek(partition, positions.of(partition.partition()).next()));
        }

        void turn() {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(PATIENCE);
            if (polled.isEmpty()) {
                table.renew(replay);
            }
            for (TopicPartition partition : consumer.assignment()) {
                long end = positions.of(partition.partition()).end();
                Isolate.rejected(
                        concerned(partition, polled.records(partition)),
                        batch -> apply(partition, batch),
                        (read, cause) -> passOver(partition, read, cause));
                catchUp(partition, end);
            }
            leaveDone();
        }

        private void apply(TopicPartition partition, List<Read> batch) {
            long next = batch.getLast().source().offset() + 1;
            Placement placement = placements.getOrDefault(partition.partition(), Placement.NONE);
            List<Read> placed = batch.stream()
                    .map(read -> new Read(placement.place(read.source()), read.message()))
                    .toList();
            advance(partition, before -> {
                Tally tally = reapply.apply(replay, placed);
                return new Advance(new Span(next, reach(partition, before, placement.offset(tally.reach()))), tally);
            });
        }

        /**
         * Live sinks may have applied later outputs of the same runs already. Outputs of one run have the same rank, so
         * the replay reads up to the last of them, and the latest output wins again.
         */
        private long reach(TopicPartition partition, Span before, long wanted) {
            if (wanted <= before.end()) {
                return before.end();
            }
            long last = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, before.end());
            return Math.max(before.end(), Math.min(wanted, last));
        }

        private void passOver(TopicPartition partition, Read read, Rejected cause) {
            log.warn(
                    "sink.replayRefused: passed over a record that cannot be applied sqlState={} replayId={} topic={}"
                            + " partition={} offset={}",
                    cause.sqlState(),
                    replay.id(),
                    partition.topic(),
                    partition.partition(),
                    read.source().offset());
            long next = read.source().offset() + 1;
            advance(partition, before -> new Advance(new Span(next, before.end()), Tally.REJECTED));
        }

        /**
         * Stores the position behind records that the replay does not cover, and behind the markers of transactions.
         */
        private void catchUp(TopicPartition partition, long plannedEnd) {
            Span now = positions.of(partition.partition());
            if (now.end() > plannedEnd) {
                consumer.seek(partition, now.next()); // records beyond the planned end were polled and ignored
                return;
            }
            long read = Math.min(consumer.position(partition), now.end());
            if (read > now.next()) {
                advance(partition, before -> new Advance(new Span(read, before.end()), Tally.NONE));
            }
        }

        private void advance(TopicPartition partition, Function<Span, Advance> work) {
            Span before = positions.of(partition.partition());
            positions.set(
                    partition.partition(), table.advance(replay, partition.partition(), () -> work.apply(before)));
        }

        private void leaveDone() {
            Set<TopicPartition> done = consumer.assignment().stream()
                    .filter(partition -> positions.of(partition.partition()).isDone())
                    .collect(Collectors.toSet());
            consumer.pause(done);
        }

        /** Skips an unreadable record, which was dead-lettered before. */
        private List<Read> concerned(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
            List<Read> concerned = new ArrayList<>(records.size());
            long end = positions.of(partition.partition()).end();
            for (var source : records) {
                if (source.offset() < end && (key == null || Arrays.equals(key, source.key()))) {
                    try {
                        SpecificRecord message = readMessage.of(source);
                        if (reapply.concerns(replay, message)) {
                            concerned.add(new Read(source, message));
                        }
                    } catch (Unreadable e) {
                        log.debug(
                                "sink.replayUnreadable: passed over an unreadable record offset={}",
                                source.offset(),
                                e);
                    }
                }
            }
            return concerned;
        }
    }

    private static byte @Nullable [] keyOf(@Nullable UUID userIntegrationId) {
        return userIntegrationId == null
                ? null
                : Objects.toString(userIntegrationId).getBytes(StandardCharsets.UTF_8);
    }
}
