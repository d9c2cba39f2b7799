package io.tributary.worker;

import io.tributary.worker.engine.NextTurns;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of a stream thread, which waits longer for records while the engines of the thread have nothing to do.
 * Kafka Streams has one wait for all times, and that of a busy thread is a few milliseconds.
 */
final class PatientConsumer extends KafkaConsumer<byte[], byte[]> {

    private final NextTurns turns;

    PatientConsumer(Map<String, Object> config, NextTurns turns) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.turns = turns;
    }

    /** A wait of zero stays one: then Kafka Streams has something else to do, such as to restore a store. */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return super.poll(timeout.isZero() ? timeout : turns.patience(timeout));
    }
}
