package io.tributary.worker.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reasons that hold a lane back; kept in the store as JSON, so that it outlives the worker.
 *
 * @param paused whether a command paused the lane
 * @param throttledUntilMillis end of the wait that the provider requested, milliseconds since the epoch; 0: none
 * @param reason code of the throttling; null: none
 * @param pausedSinceMillis when the command was obeyed, milliseconds since the epoch; 0: not paused, or an earlier
 *     version did not save it
 * @param pausedRuns backfills that a command paused; while one of them is live, all backfills of the lane wait
 */
record LaneState(
        boolean paused,
        @JsonProperty("parkedUntilMillis") long throttledUntilMillis,
        @Nullable String reason,
        Set<UUID> pausedRuns,
        long pausedSinceMillis) {

    private static final int MANY_PAUSED_RUNS = 20;

    /** Commands are kept for so long: one that was not read by then is lost. */
    static final Duration COMMANDS_KEPT = Duration.ofDays(1);

    static final LaneState FLOWING = new LaneState(false, 0, null, Set.of(), 0);

    @SuppressWarnings("ConstantValue") // a state that was saved before there was a set of them has none
    LaneState {
        pausedRuns = pausedRuns == null ? Set.of() : Set.copyOf(pausedRuns);
    }

    LaneState paused(long nowMillis) {
        return new LaneState(true, throttledUntilMillis, reason, pausedRuns, nowMillis);
    }

    LaneState resumed() {
        return new LaneState(false, throttledUntilMillis, reason, pausedRuns, 0);
    }

    /** The same, with a time where an earlier version saved none. */
    LaneState restored(long nowMillis) {
        return paused && pausedSinceMillis == 0 ? paused(nowMillis) : this;
    }

    /**
     * Whether the command to resume was lost: the scheduler begins no run of a paused user integration, and this one
     * began so long after the pause that a lost command is not on the topic any more.
     */
    boolean missedResumeBefore(long runBegunMillis) {
        return paused && runBegunMillis > pausedSinceMillis + COMMANDS_KEPT.toMillis();
    }

    /** The pauses of runs that are over are forgotten when there are many. */
    LaneState withPausedRun(UUID run, Predicate<UUID> isLive) {
        var runs = new HashSet<>(pausedRuns);
        if (runs.size() >= MANY_PAUSED_RUNS) {
            runs.removeIf(isLive.negate());
        }
        runs.add(run);
        return new LaneState(paused, throttledUntilMillis, reason, runs, pausedSinceMillis);
    }

    LaneState withoutPausedRun(UUID run) {
        var runs = new HashSet<>(pausedRuns);
        runs.remove(run);
        return new LaneState(paused, throttledUntilMillis, reason, runs, pausedSinceMillis);
    }

    /** Throttled at least until then; a later end stays. */
    LaneState throttledUntil(long untilMillis, String reason) {
        return untilMillis > throttledUntilMillis
                ? new LaneState(paused, untilMillis, reason, pausedRuns, pausedSinceMillis)
                : this;
    }

    /** The same state without throttling. */
    LaneState withoutThrottlingUntil(long nowMillis) {
        boolean isOver = throttledUntilMillis > 0 && throttledUntilMillis <= nowMillis;
        return isOver ? new LaneState(paused, 0, null, pausedRuns, pausedSinceMillis) : this;
    }

    boolean flowing() {
        return !paused && throttledUntilMillis == 0 && pausedRuns.isEmpty();
    }
}
