package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** What the integrations of the benchmarks have in common. */
final class Described {

    private Described() {}

    /** A manifest without credentials and with any config; the first task type starts a run. */
    static Manifest as(String domain, Limits limits, Manifest.TaskType... taskTypes) {
        return Manifest.builder(domain, "1.0", domain)
                .syncType("default", taskTypes[0].name(), Duration.ofMinutes(15))
                .taskTypes(Stream.of(taskTypes))
                .limits(limits)
                .build();
    }

    /** An output that says, as its name, when the task was executed: microseconds since the epoch. */
    static Output executedNow(String externalId, String content) {
        return Output.content(externalId, Long.toString(nowMicros()), content).at(Instant.now());
    }

    /** The time, microseconds since the epoch. */
    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
