package io.tributary.worker;

import io.tributary.schemas.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How Kafka Streams runs the engine. The values were measured: commits every 50 ms cost little with local follow-up
 * tasks and bound how much is executed again after a crash; caching lost every time; the classic group protocol with
 * static membership and a short session recovered fastest.
 */
final class StreamsSettings {

    private StreamsSettings() {}

    static Properties of(String bootstrapServers, WorkerProperties settings) {
        WorkerProperties.Engine engine = settings.worker();
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().prefix() + "-task-worker");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, engine.threads());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, engine.stateDirectory().toString());
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replicationFactor());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.POLL_MS_CONFIG, 5);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // Records go to the engine as they come; it has a queue of its own.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1);
        // A worker that joins reads the stores of partitions up before it takes them over: nobody waits for that.
        properties.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, 8);
        properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000);

        if (engine.persistentStore()) {
            properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundRocksDb.class);
        }

        main(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        main(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, engine.sessionTimeoutMillis());
        main(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, engine.sessionTimeoutMillis() / 4);
        if (engine.instanceId() != null && !engine.instanceId().isBlank()) {
            main(properties, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, engine.instanceId());
        }
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5_000);

        producer(properties, ProducerConfig.LINGER_MS_CONFIG, 5);
        producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        // A transaction often begins before the markers of the last one are written, and is sent back once.
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
