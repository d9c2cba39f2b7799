package io.tributary.sink.consume;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/**
 * The settings of the sink's consumers that correctness and memory depend on; the others are those of
 * {@code spring.kafka}.
 *
 * <p>The classic group protocol: the broker notices a sink that died after the consumer's session timeout, whatever the
 * broker's settings are. During a rebalance, a sink continues to read the partitions that it keeps.
 */
public final class ConsumerSettings {

    /** Largest response of a broker for one partition and for all, bytes as compressed on the topic. */
    private static final int PARTITION_BYTES = 2 * 1024 * 1024;

    private static final int FETCH_BYTES = 8 * 1024 * 1024;
    private static final int SESSION_MILLIS = 10_000;
    private static final int HEARTBEAT_MILLIS = 3_000;

    private final Map<String, Object> properties;
    private final int batchRecords;
    private final long batchBytes;

    /**
     * @param configured settings of the operator
     * @param group consumer group
     * @param batchRecords most records of a poll
     * @param batchBytes most bytes of the values of a poll, decompressed, unless one record alone has more
     */
    public ConsumerSettings(Map<String, Object> configured, String group, int batchRecords, long batchBytes) {
        this.properties = new HashMap<>(configured);
        this.batchRecords = batchRecords;
        this.batchBytes = batchBytes;
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(batchRecords, BoundedPolls.PART));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    }

    /** Consumers of the group. */
    public ConsumerFactory<byte[], byte[]> ofGroup() {
        return factory(properties);
    }

    /** A consumer without a group; the caller assigns its partitions and positions. */
    public Consumer<byte[], byte[]> alone() {
        Map<String, Object> alone = new HashMap<>(properties);
        alone.remove(ConsumerConfig.GROUP_ID_CONFIG);
        alone.compute(ConsumerConfig.CLIENT_ID_CONFIG, (key, id) -> id + "-replay");
        return factory(alone).createConsumer();
    }

    private ConsumerFactory<byte[], byte[]> factory(Map<String, Object> settings) {
        return new DefaultKafkaConsumerFactory<>(settings) {
            @Override
            protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> ofConsumer) {
                var budget = new ByteBudget(batchBytes);
                var consumer = new KafkaConsumer<>(ofConsumer, new ByteArrayDeserializer(), budget);
                return BoundedPolls.of(consumer, budget, batchRecords);
            }
        };
    }
}
