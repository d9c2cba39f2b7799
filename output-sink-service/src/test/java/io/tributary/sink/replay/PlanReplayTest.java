package io.tributary.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.replay.PlanReplay.Counts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which offsets a replay reads. */
class PlanReplayTest {

    private static final String TOPIC = "sync.output";
    private static final UUID ACCOUNT = UUID.fromString("00000000-0000-0000-0000-00000000abcd");
    private static final Instant SINCE = Instant.parse("2026-03-01T00:00:00Z");

    private final FakeTopic topic = new FakeTopic(8);

    /** Each partition has a record at each minute of the 100 before and after the counts are known. */
    private static final class FakeTopic extends MockConsumer<byte[], byte[]> {

        FakeTopic(int partitions) {
            super("earliest");
            Map<TopicPartition, Long> ends = new HashMap<>();
            Map<TopicPartition, Long> starts = new HashMap<>();
            List<PartitionInfo> infos = IntStream.range(0, partitions)
                    .mapToObj(partition -> new PartitionInfo(TOPIC, partition, null, null, null))
                    .toList();
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(TOPIC, partition), 200L);
                starts.put(new TopicPartition(TOPIC, partition), 0L);
            }
            updateEndOffsets(ends);
            updateBeginningOffsets(starts);
            updatePartitions(TOPIC, infos);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
            times.forEach((partition, time) -> {
                long offset = Math.clamp((time - SINCE.toEpochMilli()) / 60_000 + 100, 0, 200);
                found.put(partition, offset == 200 ? null : new OffsetAndTimestamp(offset, time));
            });
            return found;
        }
    }

    @Test
    void ofAnAccountReadsThePartitionOfItsKeyOnly() {
        Positions plan = plan(ACCOUNT, SINCE, 8);

        for (int partition : plan.partitions()) {
            assertThat(plan.of(partition).isDone()).as("partition " + partition).isEqualTo(partition != partition(8));
        }
        assertThat(plan.of(partition(8)).end()).isEqualTo(200);
    }

    @Test
    void ofAnAccountReadsAllPartitionsOfTheTimeWhosePartitionCountNobodyNoted() {
        Positions plan = plan(ACCOUNT, null, 8);

        for (int partition : plan.partitions()) {
            assertThat(plan.of(partition).end()).isEqualTo(partition == partition(8) ? 200 : 100);
        }
    }

    @Test
    void ofAnAccountReadsThePartitionOfEachCountThatTheTopicHad() {
        Positions plan = plan(ACCOUNT, SINCE, 5, 8);

        assertThat(plan.of(partition(5)).isDone()).isFalse();
        assertThat(plan.of(partition(8)).isDone()).isFalse();
    }

    @Test
    void ofAllAccountsReadsAllPartitions() {
        Positions plan = plan(null, SINCE, 8);

        assertThat(plan.partitions())
                .hasSize(8)
                .allMatch(partition -> plan.of(partition).end() == 200);
    }

    private Positions plan(@Nullable UUID account, @Nullable Instant from, Integer... counts) {
        var replay = new Replay(new UUID(1, 1), Replay.Kind.OUTPUTS, account, null, from, null, false, null);
        return new PlanReplay(TOPIC, new Counts(Set.of(counts), SINCE)).of(topic, replay);
    }

    private static int partition(int count) {
        return Utils.toPositive(Utils.murmur2(ACCOUNT.toString().getBytes(StandardCharsets.UTF_8))) % count;
    }
}
