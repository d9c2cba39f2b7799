package io.tributary.scheduler.timers;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;

/**
 * A periodic step whose progress readiness and liveness depend on. The timer {@code tributary.<name>} measures it,
 * tagged by whether it found something to do. One timer thread runs it; any thread may query it.
 */
final class WatchedStep implements Runnable {

    private final String name;
    private final IntSupplier step;
    private final Duration patience;
    private final Clock clock;
    private final Timer idle;
    private final Timer busy;

    /** Null: it is not running. */
    private volatile @Nullable Instant beganAt;

    /**
     * @param name of the step, such as {@code polling.cycle}
     * @param step returns how much it did; 0: there was nothing to do
     * @param patience how long it may take before it counts as stuck
     */
    WatchedStep(String name, IntSupplier step, Duration patience, Clock clock, MeterRegistry meters) {
        this.name = name;
        this.step = step;
        this.patience = patience;
        this.clock = clock;
        this.idle = timer(meters, "nothing");
        this.busy = timer(meters, "something");
    }

    private Timer timer(MeterRegistry meters, String found) {
        return Timer.builder("tributary." + name)
                .description("Time of one pass, by whether it found something to do")
                .tag("found", found)
                .register(meters);
    }

    @Override
    public void run() {
        beganAt = clock.instant();
        long begin = System.nanoTime();
        try {
            int done = step.getAsInt();
            (done == 0 ? idle : busy).record(Duration.ofNanos(System.nanoTime() - begin));
        } finally {
            beganAt = null;
        }
    }

    /** Whether it has been running for longer than it may, so that only a restart helps. */
    boolean isStuck() {
        Instant began = beganAt;
        return began != null && began.plus(patience).isBefore(clock.instant());
    }

    /**
     * Down when a step is stuck: its thread hangs, say in a statement that is never answered, and only a restart helps.
     * A step that fails does return: an outage of Postgres or Kafka is no reason to restart.
     */
    static Health health(List<WatchedStep> steps) {
        var stuck =
                steps.stream().filter(WatchedStep::isStuck).map(it -> it.name).toList();
        return stuck.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("stuck", stuck).build();
    }
}
