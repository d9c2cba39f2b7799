package io.tributary.sink.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's own fake, which can also read again, refuse commits, and tell what was committed when it is closed. */
final class FakeConsumer extends MockConsumer<byte[], byte[]> {

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private @Nullable KafkaException commitFailure;

    FakeConsumer() {
        super("earliest");
    }

    void assign(TopicPartition... partitions) {
        rebalance(List.of(partitions));
        for (TopicPartition partition : partitions) {
            updateBeginningOffsets(Map.of(partition, 0L));
        }
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
    public synchronized void commitSync(Duration timeout) {
        if (commitFailure != null) {
            throw commitFailure;
        }
        assignment().forEach(partition -> committed.put(partition, position(partition)));
    }
}
