package io.tributary.sink.replay;

import io.tributary.sink.replay.Positions.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides which offsets a replay reads. A replay of one account reads the partition of its key; of other partitions,
 * only records of a time whose partition count nobody noted.
 *
 * @param counts partition counts that the topics had, and since when they are known
 */
record PlanReplay(String topic, Counts counts) {

    /**
     * @param partitions each count that the topics have had since then
     * @param since records sent earlier may be on any partition; meaningless without a count
     */
    record Counts(Set<Integer> partitions, Instant since) {}

    Positions of(Consumer<byte[], byte[]> consumer, Replay replay) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        Map<TopicPartition, Long> ends = ends(consumer, replay, partitions);
        Map<TopicPartition, Long> starts = starts(consumer, replay, partitions, ends);
        Map<Integer, Span> spans = new HashMap<>();
        ends.forEach((partition, end) -> {
            long start = Math.min(starts.getOrDefault(partition, end), end);
            spans.put(partition.partition(), new Span(start, end));
        });
        return new Positions(spans);
    }

    private Map<TopicPartition, Long> ends(
            Consumer<byte[], byte[]> consumer, Replay replay, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        UUID account = replay.userIntegrationId();
        if (account != null && !counts.partitions().isEmpty()) {
            Set<Integer> own = ofKey(account, partitions.size());
            at(consumer, partitions, counts.since()).forEach((partition, since) -> {
                if (!own.contains(partition.partition()) && since != null) {
                    ends.merge(partition, since.offset(), Math::min);
                }
            });
        }
        return ends;
    }

    /** The partitions that producers choose for the key. */
    private Set<Integer> ofKey(UUID account, int now) {
        byte[] key = account.toString().getBytes(StandardCharsets.UTF_8);
        Set<Integer> own = counts.partitions().stream()
                .map(count -> BuiltInPartitioner.partitionForKey(key, count))
                .collect(Collectors.toSet());
        own.add(BuiltInPartitioner.partitionForKey(key, now));
        return own;
    }

    private static Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer,
            Replay replay,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = new HashMap<>(consumer.beginningOffsets(partitions));
        if (replay.fromTime() != null) {
            at(consumer, partitions, replay.fromTime())
                    .forEach((partition, found) ->
                            starts.put(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
        } else if (replay.fromOffset() != null) {
            long from = replay.fromOffset();
            starts.replaceAll((partition, start) -> Math.max(start, from));
        }
        return starts;
    }

    /** The first record of this time or later, by partition; null: there is none. */
    private static Map<TopicPartition, OffsetAndTimestamp> at(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant time) {
        return consumer.offsetsForTimes(partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> time.toEpochMilli())));
    }
}
