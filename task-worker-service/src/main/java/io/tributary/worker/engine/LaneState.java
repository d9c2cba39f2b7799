package io.tributary.worker.engine;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What holds a lane back; kept in the store, so that it outlives the worker.
 *
 * @param paused a command said to wait for another
 * @param parkedUntilMillis the provider said to wait until then, milliseconds since the epoch; 0: it did not
 * @param reason code of what the provider said; null: nothing
 * @param pausedRuns backfills that a command said to hold; as long as there is one, no backfill of the lane goes on
 */
record LaneState(
        boolean paused, long parkedUntilMillis, @Nullable String reason, Set<UUID> pausedRuns) {

    static final LaneState FLOWING = new LaneState(false, 0, null, Set.of());

    @SuppressWarnings("ConstantValue") // a state that was saved before there was a set of them has none
    LaneState {
        pausedRuns = pausedRuns == null ? Set.of() : Set.copyOf(pausedRuns);
    }

    LaneState withPaused(boolean paused) {
        return new LaneState(paused, parkedUntilMillis, reason, pausedRuns);
    }

    LaneState withPausedRun(UUID run) {
        var runs = new HashSet<>(pausedRuns);
        runs.add(run);
        return new LaneState(paused, parkedUntilMillis, reason, runs);
    }

    LaneState withoutPausedRun(UUID run) {
        var runs = new HashSet<>(pausedRuns);
        runs.remove(run);
        return new LaneState(paused, parkedUntilMillis, reason, runs);
    }

    /** Parked at least until then; an earlier word for a later time stands. */
    LaneState parkedUntil(long untilMillis, String reason) {
        return untilMillis > parkedUntilMillis ? new LaneState(paused, untilMillis, reason, pausedRuns) : this;
    }

    LaneState unparked() {
        return new LaneState(paused, 0, null, pausedRuns);
    }

    boolean flowsAt(long nowMillis) {
        return !paused && nowMillis >= parkedUntilMillis;
    }

    boolean holdsBackfills() {
        return !pausedRuns.isEmpty();
    }

    boolean flowing() {
        return !paused && parkedUntilMillis == 0 && pausedRuns.isEmpty();
    }
}
