package io.tributary.worker.execution;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Task;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.engine.TaskLabels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures executions of tasks: how many execute, how long they take, how long tasks waited before, and the quotas that
 * providers report. The meters of a domain are created once and kept.
 */
public final class MeasureExecution implements TaskExecution {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(300)
    };

    private final TaskExecution execution;
    private final TaskLabels labels;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<String, OfDomain> domains = new HashMap<>();

    public MeasureExecution(TaskExecution execution, TaskLabels labels, MeterRegistry meters, Clock clock) {
        this.execution = execution;
        this.labels = labels;
        this.meters = meters;
        this.clock = clock;
        labels.domains().forEach(domain -> domains.put(domain, new OfDomain(domain)));
        domains.put(TaskLabels.OTHER, new OfDomain(TaskLabels.OTHER));
    }

    private final class OfDomain {

        private final String domain;
        private final LongAdder executing = new LongAdder();
        private final Timer hop;
        private final Counter quotaUsed;
        private final Map<String, Timer> executions = new ConcurrentHashMap<>();
        private volatile Quota quota = new Quota(0, Instant.EPOCH);

        OfDomain(String domain) {
            this.domain = domain;
            Gauge.builder("tributary.worker.executing.tasks", executing, LongAdder::sum)
                    .description("Tasks that execute")
                    .tag("domain", domain)
                    .register(meters);
            Gauge.builder("tributary.worker.quota.remaining", this, OfDomain::quotaRemaining)
                    .description("Requests that a provider last reported as left in its quota; NaN: none reported")
                    .tag("domain", domain)
                    .register(meters);
            quotaUsed = Counter.builder("tributary.worker.quota.used")
                    .description("Responses of a provider that reported a quota, and so used it")
                    .tag("domain", domain)
                    .register(meters);
            hop = timer(
                            "tributary.worker.hop",
                            "Time from the creation of a task to the beginning of its first attempt")
                    .register(meters);
        }

        private Timer.Builder timer(String name, String meaning) {
            return Timer.builder(name)
                    .description(meaning)
                    .tag("domain", domain)
                    .serviceLevelObjectives(BUCKETS);
        }

        private double quotaRemaining() {
            Quota last = quota;
            return last.resetsAt().isAfter(clock.instant()) ? last.remaining() : Double.NaN;
        }

        /** The lowest number of the accounts in a window matters most. */
        void learn(Quota reported) {
            quotaUsed.increment();
            Quota last = quota;
            if (reported.remaining() <= last.remaining() || !last.resetsAt().isAfter(clock.instant())) {
                quota = reported;
            }
        }

        Timer executionsOf(String type) {
            return executions.computeIfAbsent(
                    type,
                    _ -> timer("tributary.worker.execution", "Time of one execution of a task by its integration")
                            .tag("type", type)
                            .register(meters));
        }
    }

    @Override
    public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
            throws InterruptedException {
        String domain = labels.domain(task.getDomain());
        OfDomain of = Objects.requireNonNull(domains.get(domain));
        if (task.getAttempt() == 1) {
            of.hop.record(Math.max(0, clock.millis() - task.getCreatedAt().toEpochMilli()), TimeUnit.MILLISECONDS);
        }
        of.executing.increment();
        long begin = System.nanoTime();
        try {
            return execution.execute(task, effect, syncState, reported -> {
                of.learn(reported);
                quota.accept(reported);
            });
        } finally {
            of.executionsOf(labels.type(domain, task.getType()))
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            of.executing.decrement();
        }
    }

    @Override
    public Limits limitsOf(String domain) {
        return execution.limitsOf(domain);
    }

    @Override
    public Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
        return execution.syncTypeOf(domain, syncType);
    }

    @Override
    public Set<String> actionsOf(String domain) {
        return execution.actionsOf(domain);
    }

    @Override
    public void forget(UUID userIntegrationId) {
        execution.forget(userIntegrationId);
    }
}
