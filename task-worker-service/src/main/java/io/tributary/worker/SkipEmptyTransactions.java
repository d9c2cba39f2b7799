package io.tributary.worker;

import io.tributary.worker.engine.NextTurns;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * A producer of Kafka Streams that commits nothing when nothing happened. Kafka Streams asks for a commit after each
 * turn of the engine, 20 times a second and thread, also when the turn sent no record and moved no offset. Such a
 * transaction costs the broker two log writes and changes nothing, so it is never begun.
 *
 * <p>A transaction begins with its first record, or with the first offset that differs from the committed one. Offsets
 * that this producer committed stay committed: another owner of the partition only moves them forward, and then this
 * one reads from there. Used by one stream thread, as the producer below it.
 */
final class SkipEmptyTransactions implements Producer<byte[], byte[]> {

    private final Producer<byte[], byte[]> producer;
    private final Runnable onCommit;
    private final TransactionTimers timers;
    private final NextTurns turns;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> inTransaction = new HashMap<>();
    /** Whether the transaction has begun at the producer. */
    private boolean begun;

    private long beganAtNanos;

    /**
     * @param onCommit called after the commit of a transaction that was not empty, on the stream thread
     * @param turns learns that the thread must not wait for records while a transaction is open: the commit comes
     *     between two polls
     */
    SkipEmptyTransactions(
            Producer<byte[], byte[]> producer, Runnable onCommit, TransactionTimers timers, NextTurns turns) {
        this.producer = producer;
        this.onCommit = onCommit;
        this.timers = timers;
        this.turns = turns;
    }

    @Override
    public void initTransactions() {
        producer.initTransactions();
    }

    /** The transaction begins with its first record or offset. */
    @Override
    public void beginTransaction() {
        inTransaction.clear();
        begun = false;
    }

    private void begin() {
        if (!begun) {
            producer.beginTransaction();
            begun = true;
            beganAtNanos = System.nanoTime();
            turns.soon(this);
        }
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        begin();
        return producer.send(record);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        begin();
        return producer.send(record, callback);
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        if (begun || !committed.entrySet().containsAll(offsets.entrySet())) {
            begin();
            producer.sendOffsetsToTransaction(offsets, groupMetadata);
            inTransaction.putAll(offsets);
        }
    }

    @Override
    public void commitTransaction() {
        if (begun) {
            producer.commitTransaction();
            begun = false;
            turns.forget(this);
            timers.committed(beganAtNanos);
            committed.putAll(inTransaction);
            inTransaction.clear();
            onCommit.run();
        }
    }

    @Override
    public void abortTransaction() {
        if (begun) {
            begun = false;
            turns.forget(this);
            inTransaction.clear();
            timers.aborted();
            producer.abortTransaction();
        }
    }

    @Override
    public void flush() {
        if (begun) {
            producer.flush();
        }
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        producer.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        producer.unregisterMetricFromSubscription(metric);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return producer.partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return producer.metrics();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return producer.clientInstanceId(timeout);
    }

    @Override
    public void close() {
        turns.forget(this);
        producer.close();
    }

    @Override
    public void close(Duration timeout) {
        turns.forget(this);
        producer.close(timeout);
    }
}
