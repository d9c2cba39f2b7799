package io.tributary.sink;

import io.tributary.schemas.Topics;
import io.tributary.sink.SinkProperties.Sink;
import io.tributary.sink.SinkProperties.TopicSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * Opens consumers of the sink's group, after making the topics that are missing. What correctness and memory rest on is
 * set here; the rest of {@code spring.kafka} applies as it is.
 *
 * <p>The classic group protocol: a sink that ended unasked is noticed after the consumer's own session timeout, whatever
 * the broker's settings are. Partitions that stay are read on through a rebalance.
 */
final class OpenConsumer implements Supplier<Consumer<byte[], byte[]>> {

    /** Most that one answer of a broker holds for a partition, and for all; bytes as compressed on the topic. */
    private static final int PARTITION_BYTES = 2 * 1024 * 1024;

    private static final int FETCH_BYTES = 8 * 1024 * 1024;
    private static final int SESSION_MILLIS = 10_000;
    private static final int HEARTBEAT_MILLIS = 3_000;

    private final KafkaProperties kafka;
    private final TopicSettings settings;
    private final Sink sink;

    OpenConsumer(KafkaProperties kafka, TopicSettings settings, Sink sink) {
        this.kafka = kafka;
        this.settings = settings;
        this.sink = sink;
    }

    /** @throws org.apache.kafka.common.KafkaException Kafka cannot be reached; try again */
    @Override
    public Consumer<byte[], byte[]> get() {
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            new Topics(settings.prefix()).createMissing(admin, settings.partitions(), settings.replicationFactor());
        }
        return new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** One that is in no group, to be given its partitions and positions. */
    Consumer<byte[], byte[]> alone() {
        Map<String, Object> properties = properties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.compute(ConsumerConfig.CLIENT_ID_CONFIG, (key, id) -> id + "-replay");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> properties() {
        var properties = new HashMap<>(kafka.buildConsumerProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, sink.group());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, sink.batchRecords());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        return properties;
    }
}
