package io.tributary.worker.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.schemas.CodeLabels;
import io.tributary.schemas.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts settled tasks by domain, type and outcome, and dead letters by code. A task whose transaction is rolled back
 * is counted again with its next attempt. Thread safe; a counter is created once and kept.
 */
public final class TaskCounters {

    private final MeterRegistry meters;
    private final TaskLabels labels;
    private final Map<String, Map<String, Counter[]>> outcomes = new ConcurrentHashMap<>();
    private final CodeLabels codes = new CodeLabels();
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();

    /** How an attempt at a task was settled. */
    enum Settled {
        COMPLETED("completed"),
        /** It failed, and another attempt follows. */
        RETRIED("retried"),
        /** It failed for good and was dead-lettered. */
        FAILED("failed"),
        /** The provider, or the worker itself, made it wait. */
        THROTTLED("throttled"),
        /** Its run was over before. */
        DROPPED("dropped");

        private final String label;

        Settled(String label) {
            this.label = label;
        }
    }

    TaskCounters(MeterRegistry meters, TaskLabels labels) {
        this.meters = meters;
        this.labels = labels;
        codeCounter(CodeLabels.OTHER);
    }

    /** @param task null: its run was over before it was decoded */
    void count(@Nullable Task task, Settled as) {
        String domain = task == null ? TaskLabels.OTHER : labels.domain(task.getDomain());
        String type = task == null ? TaskLabels.OTHER : labels.type(domain, task.getType());
        outcomes.computeIfAbsent(domain, _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(type, _ -> counters(domain, type))[as.ordinal()]
                .increment();
    }

    private Counter[] counters(String domain, String type) {
        var counters = new Counter[Settled.values().length];
        for (Settled each : Settled.values()) {
            counters[each.ordinal()] = Counter.builder("tributary.worker.tasks")
                    .description("Attempts at tasks that were settled")
                    .tag("domain", domain)
                    .tag("type", type)
                    .tag("outcome", each.label)
                    .register(meters);
        }
        return counters;
    }

    /** @param code of the error; codes of integrations are their own */
    void deadLettered(String code, int letters) {
        codeCounter(codes.of(code)).increment(letters);
    }

    private Counter codeCounter(String label) {
        return deadLetters.computeIfAbsent(
                label,
                _ -> Counter.builder("tributary.worker.dead.letters")
                        .description("Tasks and items that the worker dead-lettered")
                        .tag("code", label)
                        .register(meters));
    }
}
