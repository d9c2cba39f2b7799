package io.tributary.worker.engine;

import java.time.Clock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's time. Durations follow the monotonic clock, so that a step of the wall clock ends no attempt. The time
 * of day follows the wall clock, at once where the two differ by up to a second, and otherwise at 20 times the pace of
 * time: ten minutes of a suspended machine are caught up with in half a minute, and a clock that is wrong by a week
 * leaves eight hours to correct it before a run is timed out. Thread safe.
 */
final class SteadyClock {

    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);

    /** Difference that is followed at once. */
    private static final long SMALL_MILLIS = 1_000;
    /** Milliseconds of a larger step that are followed in a millisecond. */
    private static final int PACE = 20;

    private static final long NANOS_IN_A_MILLI = 1_000_000;

    private final Clock wall;
    private final LongSupplier nanoTime;
    /** The time of day less the monotonic time, as this clock has it. */
    private long offsetMillis;

    private long followedNanos;
    private boolean behind;

    SteadyClock(Clock wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.followedNanos = nanoTime.getAsLong();
        this.offsetMillis = wall.millis() - toMillis(followedNanos);
    }

    /** Monotonic time, for durations. */
    long nanos() {
        return nanoTime.getAsLong();
    }

    /** The time of day, milliseconds since the epoch. */
    synchronized long millis() {
        long nanos = nanoTime.getAsLong();
        long step = wall.millis() - toMillis(nanos) - offsetMillis;
        if (Math.abs(step) <= SMALL_MILLIS) {
            offsetMillis += step;
            followedNanos = nanos;
            behind = false;
        } else {
            follow(step, nanos);
        }
        return toMillis(nanos) + offsetMillis;
    }

    private void follow(long step, long nanos) {
        if (!behind) {
            behind = true;
            log.warn("worker.clockStepped: the clock made a step, which the engine follows bit by bit millis={}", step);
        }
        long most = PACE * (nanos - followedNanos) / NANOS_IN_A_MILLI;
        if (most > 0) {
            offsetMillis += Math.clamp(step, -most, most);
            followedNanos = nanos;
        }
    }

    private static long toMillis(long nanos) {
        return Math.floorDiv(nanos, NANOS_IN_A_MILLI);
    }
}
