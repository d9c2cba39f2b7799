package io.tributary.sink.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's own fake, which can also read again, fail commits, and tell the committed offsets when it is closed. */
final class FakeConsumer extends MockConsumer<byte[], byte[]> {

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private volatile @Nullable KafkaException commitFailure;
    private volatile int failedCommits;

    FakeConsumer() {
        super("earliest");
    }

    void assign(TopicPartition... partitions) {
        for (TopicPartition partition : partitions) {
            updateBeginningOffsets(Map.of(partition, 0L));
        }
        rebalance(List.of(partitions));
    }

    void send(TopicPartition partition, String... values) {
        var records = log.computeIfAbsent(partition, none -> new ArrayList<>());
        for (String value : values) {
            records.add(new ConsumerRecord<>(
                    partition.topic(), partition.partition(), records.size(), new byte[0], new byte[] {
                        (byte) value.charAt(0)
                    }));
            addRecord(records.getLast());
        }
    }

    void failCommits(@Nullable KafkaException failure) {
        commitFailure = failure;
    }

    int failedCommits() {
        return failedCommits;
    }

    /** The offset up to which the partition was committed. */
    long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        super.seek(partition, offset);
        log.getOrDefault(partition, List.of()).stream()
                .filter(record -> record.offset() >= offset)
                .forEach(this::addRecord);
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        if (commitFailure != null) {
            failedCommits++;
            throw commitFailure;
        }
        offsets.forEach((partition, next) -> committed.put(partition, next.offset()));
    }
}
