package io.tributary.worker;

import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * How Kafka Streams runs the engine: with the broker, security and client settings under {@code spring.kafka}, which
 * may also tune what is a measured value here, by {@code spring.kafka.streams.properties.*}. What the engine's
 * guarantees rest on cannot be changed. The values were measured: commits every 50 ms cost little with local follow-up
 * tasks and bound how much is executed again after a crash; caching lost every time; the classic group protocol with
 * static membership and a short session recovered fastest.
 */
final class StreamsSettings {

    private StreamsSettings() {}

    static String applicationId(WorkerProperties settings) {
        return KafkaUser.workerApplication(new Topics(settings.topics().prefix()));
    }

    /** @param copies of each partition of the topics of Kafka Streams */
    static Properties of(KafkaProperties kafka, WorkerProperties settings, short copies) {
        Properties properties = measured(settings.worker());
        properties.putAll(kafka.buildStreamsProperties());
        guarantee(properties, settings, copies);
        return properties;
    }

    /** What the guarantees rest on. */
    private static void guarantee(Properties properties, WorkerProperties settings, short copies) {
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(settings));
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) copies);
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                Integer.toString(PrepareTopics.minInsyncReplicas(copies)));
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        main(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
    }

    private static Properties measured(WorkerProperties.Engine engine) {
        var properties = new Properties();
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, engine.threads());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, engine.stateDirectory().toString());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.POLL_MS_CONFIG, 5);
        // Passes records to the engine immediately, which has its own queue.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1);
        // A new worker restores the stores of partitions before it takes over the partitions, so no task waits for it.
        properties.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, 8);
        properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000);

        if (engine.persistentStore()) {
            properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundRocksDb.class);
        }

        main(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, engine.sessionTimeoutMillis());
        main(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, engine.sessionTimeoutMillis() / 4);
        if (engine.instanceId() != null && !engine.instanceId().isBlank()) {
            main(properties, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, engine.instanceId());
        }
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5_000);

        producer(properties, ProducerConfig.LINGER_MS_CONFIG, 5);
        producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A transaction often begins before the markers of the last one are written, and is rejected once.
        producer(properties, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        // A transaction that a dead worker left open blocks readers until then; a live one commits every 50 ms.
        producer(properties, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        return properties;
    }

    private static void main(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.mainConsumerPrefix(key), value);
    }

    private static void producer(Properties properties, String key, Object value) {
        properties.put(StreamsConfig.producerPrefix(key), value);
    }
}
