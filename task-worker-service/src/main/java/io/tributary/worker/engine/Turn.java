package io.tributary.worker.engine;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link Lane} to a request for its next task: the task, or the reason to wait. The first
 * obstacle in the order of this list is named.
 */
sealed interface Turn {

    Turn NEEDS_REFILL = new NeedsRefill();
    Turn WAITS_FOR_SHARED_RATE = new WaitsForSharedRate();
    Turn WAITS_FOR_THREADS = new WaitsForThreads();
    Turn NOTHING = new Nothing();

    /**
     * A task, with the right to execute it.
     *
     * @param effect the effect that it is to have; null: none, or it is not known yet
     */
    record Taken(
            WaitingTask task,
            RateLimiter.Permit permit,
            @Nullable BegunEffect effect) implements Turn {

        Taken(WaitingTask task, RateLimiter.Permit permit) {
            this(task, permit, null);
        }

        Taken with(@Nullable BegunEffect effect) {
            return new Taken(task, permit, effect);
        }
    }

    /** The lane is throttled until then, even when no task waits: its throttling is to be lifted then. */
    record Throttled(long untilMillis) implements Turn {}

    /** Tasks wait in the store only: the lane is to be refilled. */
    record NeedsRefill() implements Turn {}

    /**
     * The limiter of the lane is throttled, but the lane is not yet.
     *
     * @param runId the run whose task waits
     */
    record ThrottledByLimiter(RateLimiter.Throttle throttle, UUID runId) implements Turn {}

    /** The rate of the lane allows the next task then. */
    record WaitsForRate(long untilMillis) implements Turn {}

    /** The lane waits for the rate limiter that it shares with others. */
    record WaitsForSharedRate() implements Turn {}

    /** The budget of backfills allows the next task then. */
    record WaitsForBudget(long untilMillis) implements Turn {}

    /** Tasks wait for threads that were given up and may still return. */
    record WaitsForThreads() implements Turn {}

    /**
     * No task waits, or it waits for the end of another one, or for a command: the event that ends the wait attends the
     * lane.
     */
    record Nothing() implements Turn {}
}
