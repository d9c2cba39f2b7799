package io.tributary.worker.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.worker.engine.PartitionGauges.LaneCounts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * The gauges of the queues of a worker: the sums of what its partitions published. A scrape reads them without waiting
 * for a stream thread. Thread safe.
 */
public final class QueueGauges {

    private final TaskLabels labels;
    private final Set<PartitionGauges> partitions = ConcurrentHashMap.newKeySet();
    private final Map<String, Counter> throttledSeconds = new HashMap<>();

    QueueGauges(MeterRegistry meters, TaskLabels labels) {
        this.labels = labels;
        gauge(meters, "queue.depth", "Tasks that were accepted and not settled", PartitionGauges::storedTasks);
        gauge(meters, "partitions", "Partitions of the tasks topic that this worker owns", _ -> 1);
        gauge(meters, "store.entries", "Entries of the stores, estimated", PartitionGauges::storeEntries);
        gauge(
                meters,
                "waiting.lanes",
                "Accounts with waiting tasks that nothing holds back",
                it -> it.lanes().waiting());
        gauge(
                meters,
                "paused.lanes",
                "Paused accounts with waiting tasks",
                it -> it.lanes().paused());
        Gauge.builder("tributary.worker.oldest.waiting", this, QueueGauges::oldestWaitSeconds)
                .description("Longest time for which an account with waiting tasks that nothing holds back has started"
                        + " none")
                .baseUnit("seconds")
                .register(meters);
        labels.domains().forEach(domain -> ofDomain(meters, domain));
        ofDomain(meters, TaskLabels.OTHER);
    }

    private void gauge(MeterRegistry meters, String name, String meaning, ToLongFunction<PartitionGauges> of) {
        Gauge.builder(
                        "tributary.worker." + name,
                        partitions,
                        all -> all.stream().mapToLong(of).sum())
                .description(meaning)
                .register(meters);
    }

    private void ofDomain(MeterRegistry meters, String domain) {
        Gauge.builder(
                        "tributary.worker.throttled.lanes",
                        partitions,
                        all -> all.stream()
                                .mapToInt(each -> each.lanes().throttled().getOrDefault(domain, 0))
                                .sum())
                .description("Accounts whose provider made them wait")
                .tag("domain", domain)
                .register(meters);
        throttledSeconds.put(
                domain,
                Counter.builder("tributary.worker.throttled")
                        .description("Time for which accounts were throttled, summed over the accounts")
                        .baseUnit("seconds")
                        .tag("domain", domain)
                        .register(meters));
    }

    private double oldestWaitSeconds() {
        return partitions.stream()
                        .mapToLong(each -> each.lanes().oldestWaitMillis())
                        .max()
                        .orElse(0)
                / 1000.0;
    }

    /** The label of a domain. */
    String label(String domain) {
        return labels.domain(domain);
    }

    void add(PartitionGauges partition) {
        partitions.add(partition);
    }

    void remove(PartitionGauges partition) {
        partitions.remove(partition);
    }

    /** A partition's throttled lanes, some time after the last sample. */
    void throttled(LaneCounts lanes, Duration since) {
        lanes.throttled()
                .forEach((domain, count) -> Objects.requireNonNull(throttledSeconds.get(domain))
                        .increment(count * since.toMillis() / 1000.0));
    }

    /** Longest time since a stream thread of this worker served one of its partitions; zero: it has none. */
    public Duration longestSinceTurn(long nowNanos) {
        long longest = 0;
        for (PartitionGauges each : partitions) {
            longest = Math.max(longest, nowNanos - each.turnAtNanos());
        }
        return Duration.ofNanos(longest);
    }
}
