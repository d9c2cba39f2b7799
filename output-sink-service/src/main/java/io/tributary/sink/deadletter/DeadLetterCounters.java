package io.tributary.sink.deadletter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.schemas.CodeLabels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts stored dead letters by their code. Thread safe. */
public final class DeadLetterCounters {

    private final MeterRegistry meters;
    private final CodeLabels labels = new CodeLabels();
    private final Map<String, Counter> codes = new ConcurrentHashMap<>();

    public DeadLetterCounters(MeterRegistry meters) {
        this.meters = meters;
        of(CodeLabels.OTHER);
    }

    void stored(String code) {
        of(labels.of(code)).increment();
    }

    private Counter of(String label) {
        return codes.computeIfAbsent(
                label,
                _ -> Counter.builder("tributary.sink.dead.letters")
                        .description("Dead letters that were stored, of the worker and of the sink")
                        .tag("code", label)
                        .register(meters));
    }
}
