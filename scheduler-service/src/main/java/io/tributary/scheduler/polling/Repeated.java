package io.tributary.scheduler.polling;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A step that a timer repeats for as long as the service lives, and whether it still makes progress: what readiness and
 * liveness go by, and the timer {@code tributary.<name>} by whether it found anything to do.
 *
 * <p>Run by one timer thread, asked by any.
 */
final class Repeated implements Runnable {

    private final String name;
    private final IntSupplier step;
    private final Duration patience;
    private final Clock clock;
    private final Timer idle;
    private final Timer busy;

    /** Null: it is not under way. */
    private volatile @Nullable Instant beganAt;

    /**
     * @param name of the step, such as {@code polling.cycle}
     * @param step returns how much it did; 0: there was nothing to do. What it throws keeps the timer from repeating it
     * @param patience how long it may take before it counts as stuck
     */
    Repeated(String name, IntSupplier step, Duration patience, Clock clock, MeterRegistry meters) {
        this.name = name;
        this.step = step;
        this.patience = patience;
        this.clock = clock;
        this.idle = timer(meters, "nothing");
        this.busy = timer(meters, "something");
    }

    private Timer timer(MeterRegistry meters, String found) {
        return Timer.builder("tributary." + name).tag("found", found).register(meters);
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

    String name() {
        return name;
    }

    /** Whether it has been under way for longer than it may: it will not come back by itself. */
    boolean isStuck() {
        Instant began = beganAt;
        return began != null && began.plus(patience).isBefore(clock.instant());
    }
}
