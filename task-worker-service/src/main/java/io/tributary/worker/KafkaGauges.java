package io.tributary.worker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The few of Kafka's own metrics that people look at, each as one number for the whole worker. Kafka has about two
 * thousand of them here, with names of threads, tasks and clients that change with each start.
 */
final class KafkaGauges {

    /** How the numbers of threads and clients become one. */
    private enum As {
        MAX,
        SUM,
        /** A sum that only grows. */
        TOTAL
    }

    private record Shown(String group, String kafkaName, As as, String name, String meaning) {}

    private static final List<Shown> SHOWN = List.of(
            new Shown("stream-thread-metrics", "poll-ratio", As.MAX, "poll.ratio", "Share of time in polls"),
            new Shown("stream-thread-metrics", "process-ratio", As.MAX, "process.ratio", "Share of time in records"),
            new Shown("stream-thread-metrics", "punctuate-ratio", As.MAX, "punctuate.ratio", "Share of time in turns"),
            new Shown("stream-thread-metrics", "commit-ratio", As.MAX, "commit.ratio", "Share of time in commits"),
            new Shown("consumer-fetch-manager-metrics", "records-lag-max", As.MAX, "lag.records", "Largest lag"),
            new Shown("consumer-fetch-manager-metrics", "records-consumed-total", As.TOTAL, "consumed", "Records read"),
            new Shown(
                    "consumer-fetch-manager-metrics", "bytes-consumed-total", As.TOTAL, "consumed.bytes", "Bytes read"),
            new Shown("consumer-coordinator-metrics", "rebalance-total", As.TOTAL, "rebalances", "Rebalances"),
            new Shown(
                    "consumer-coordinator-metrics",
                    "failed-rebalance-total",
                    As.TOTAL,
                    "failed.rebalances",
                    "Failed rebalances"),
            new Shown(
                    "consumer-coordinator-metrics",
                    "last-heartbeat-seconds-ago",
                    As.MAX,
                    "heartbeat.age.seconds",
                    "Time since the last heartbeat"),
            new Shown("producer-metrics", "record-send-total", As.TOTAL, "sent", "Records sent"),
            new Shown(
                    "producer-metrics",
                    "record-error-total",
                    As.TOTAL,
                    "send.errors",
                    "Records that could not be sent"),
            new Shown("producer-metrics", "record-retry-total", As.TOTAL, "send.retries", "Records sent again"),
            new Shown("producer-metrics", "outgoing-byte-total", As.TOTAL, "sent.bytes", "Bytes sent"),
            new Shown("producer-metrics", "connection-count", As.SUM, "connections", "Connections of the producers"));

    private static final Duration KEPT = Duration.ofSeconds(5);

    private final Supplier<? extends Map<MetricName, ? extends Metric>> kafka;
    private Map<String, List<Metric>> found = Map.of();
    private long foundAtNanos;
    private boolean foundOnce;

    private KafkaGauges(Supplier<? extends Map<MetricName, ? extends Metric>> kafka) {
        this.kafka = kafka;
    }

    /** Registers them, under {@code tributary_worker_kafka_}. */
    static void register(Supplier<? extends Map<MetricName, ? extends Metric>> kafka, MeterRegistry meters) {
        var gauges = new KafkaGauges(kafka);
        // A meter refers to its object weakly; the function keeps what it reads.
        for (Shown shown : SHOWN) {
            String name = "tributary.worker.kafka." + shown.name();
            if (shown.as() == As.TOTAL) {
                FunctionCounter.builder(name, meters, _ -> gauges.read(shown))
                        .description(shown.meaning())
                        .register(meters);
            } else {
                Gauge.builder(name, meters, _ -> gauges.read(shown))
                        .description(shown.meaning())
                        .register(meters);
            }
        }
    }

    private double read(Shown shown) {
        DoubleStream numbers = metrics().getOrDefault(key(shown.group(), shown.kafkaName()), List.of()).stream()
                .flatMapToDouble(metric -> metric.metricValue() instanceof Number number
                        ? DoubleStream.of(number.doubleValue())
                        : DoubleStream.empty())
                .filter(Double::isFinite);
        return shown.as() == As.MAX ? numbers.max().orElse(0) : numbers.sum();
    }

    /** All of a scrape come from one look at Kafka's list. */
    private synchronized Map<String, List<Metric>> metrics() {
        long now = System.nanoTime();
        if (!foundOnce || now - foundAtNanos > KEPT.toNanos()) {
            found = kafka.get().values().stream()
                    .filter(metric -> SHOWN.stream()
                            .anyMatch(shown -> shown.kafkaName()
                                            .equals(metric.metricName().name())
                                    && shown.group().equals(metric.metricName().group())))
                    .collect(Collectors.groupingBy(
                            metric -> key(
                                    metric.metricName().group(),
                                    metric.metricName().name()),
                            Collectors.toList()));
            foundAtNanos = now;
            foundOnce = true;
        }
        return found;
    }

    private static String key(String group, String name) {
        return group + "/" + name;
    }
}
