package io.tributary.sink.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures the topics that the sink reads: batches, records and the lag. A lag in time goes on while a batch is not
 * applied, whatever its thread waits for. Thread safe; each partition has one consumer thread.
 */
public final class TopicMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final Clock clock;
    private final Counter failures;
    private final Map<String, OfTopic> topics = new HashMap<>();
    private final Map<TopicPartition, Lag> lags = new ConcurrentHashMap<>();

    private record OfTopic(Timer batches, Counter records) {}

    /** @param sinceMillis time of the oldest record that was not applied, milliseconds since the epoch */
    private record Lag(long records, long sinceMillis) {}

    public TopicMetrics(Collection<String> topics, MeterRegistry meters, Clock clock) {
        this.clock = clock;
        this.failures = Counter.builder("tributary.sink.batch.failures")
                .description("Batches that could not be applied and are read again")
                .register(meters);
        for (String topic : topics) {
            this.topics.put(topic, register(topic, meters));
        }
    }

    private OfTopic register(String topic, MeterRegistry meters) {
        Gauge.builder("tributary.sink.lag.records", this, it -> it.lagRecords(topic))
                .description("Records that the sink has not applied, of its partitions")
                .tag("topic", topic)
                .register(meters);
        Gauge.builder("tributary.sink.lag", this, it -> it.lagSeconds(topic))
                .description("Age of the oldest record that the sink has not applied, of its partitions")
                .baseUnit("seconds")
                .tag("topic", topic)
                .register(meters);
        return new OfTopic(
                Timer.builder("tributary.sink.batch")
                        .description("Time to apply a batch of records of one partition")
                        .tag("topic", topic)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters),
                Counter.builder("tributary.sink.records")
                        .description("Records that were applied")
                        .tag("topic", topic)
                        .register(meters));
    }

    /** A batch of a partition is about to be applied. */
    void begins(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        long behind = consumer.currentLag(partition).orElse(0);
        lags.put(partition, new Lag(behind + records.size(), records.getFirst().timestamp()));
    }

    void applied(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long beganAtNanos) {
        OfTopic of = Objects.requireNonNull(topics.get(partition.topic()));
        of.batches().record(System.nanoTime() - beganAtNanos, TimeUnit.NANOSECONDS);
        of.records().increment(records.size());
        lags.computeIfPresent(
                partition,
                (_, lag) -> new Lag(
                        Math.max(0, lag.records() - records.size()),
                        records.getLast().timestamp()));
    }

    void failed() {
        failures.increment();
    }

    /**
     * No record of a partition came for a while. If the consumer is at its end, the lag that was left was no record: it
     * was a marker of a transaction behind the last one.
     */
    void idle(TopicPartition partition, Consumer<?, ?> consumer) {
        if (consumer.currentLag(partition).orElse(1) == 0) {
            lags.remove(partition);
        }
    }

    void revoked(Collection<TopicPartition> partitions) {
        partitions.forEach(lags::remove);
    }

    private double lagRecords(String topic) {
        return lags.entrySet().stream()
                .filter(lag -> lag.getKey().topic().equals(topic))
                .mapToLong(lag -> lag.getValue().records())
                .sum();
    }

    private double lagSeconds(String topic) {
        long now = clock.millis();
        return lags.entrySet().stream()
                        .filter(lag -> lag.getKey().topic().equals(topic)
                                && lag.getValue().records() > 0)
                        .mapToLong(lag -> Math.max(0, now - lag.getValue().sinceMillis()))
                        .max()
                        .orElse(0)
                / 1000.0;
    }
}
