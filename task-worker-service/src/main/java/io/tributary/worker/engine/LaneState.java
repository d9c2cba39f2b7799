package io.tributary.worker.engine;

import org.jspecify.annotations.Nullable;

/**
 * What holds a lane back; kept in the store, so that it outlives the worker.
 *
 * @param paused a command said to wait for another
 * @param parkedUntilMillis the provider said to wait until then, milliseconds since the epoch; 0: it did not
 * @param reason code of what the provider said; null: nothing
 */
record LaneState(
        boolean paused, long parkedUntilMillis, @Nullable String reason) {

    static final LaneState FLOWING = new LaneState(false, 0, null);

    LaneState withPaused(boolean paused) {
        return new LaneState(paused, parkedUntilMillis, reason);
    }

    /** Parked at least until then; an earlier word for a later time stands. */
    LaneState parkedUntil(long untilMillis, String reason) {
        return untilMillis > parkedUntilMillis ? new LaneState(paused, untilMillis, reason) : this;
    }

    LaneState unparked() {
        return new LaneState(paused, 0, null);
    }

    boolean flowsAt(long nowMillis) {
        return !paused && nowMillis >= parkedUntilMillis;
    }

    boolean flowing() {
        return !paused && parkedUntilMillis == 0;
    }
}
