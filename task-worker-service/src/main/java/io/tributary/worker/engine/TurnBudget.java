package io.tributary.worker.engine;

import java.time.Duration;

/**
 * How much of the outcomes that wait one turn settles. A turn ends when it has settled so many, or so many bytes, or
 * has taken so long, whichever comes first, but not before the first outcome.
 *
 * <p>A stream thread commits at the earliest when each of its partitions had a turn, and the broker aborts a
 * transaction that takes too long. So the partitions of the worker share the bytes and the time, as if one thread had
 * all of them.
 *
 * @param outcomes most outcomes, 1 and up; default 2,000
 * @param bytes most bytes of all partitions together; default 64 MB
 * @param time longest time of all partitions together, much less than the timeout of a transaction; default 2 s, and of
 *     one partition half of it
 */
record TurnBudget(int outcomes, long bytes, Duration time) {

    static final TurnBudget DEFAULT = new TurnBudget(2_000, 64L * 1024 * 1024, Duration.ofSeconds(2));

    /** The share of one of several partitions, at most half. */
    TurnBudget shared(int partitions) {
        int parts = Math.max(2, partitions);
        return new TurnBudget(outcomes, bytes / parts, time.dividedBy(parts));
    }

    /** Whether the turn goes on after what it has settled. */
    boolean allowsMore(int settled, long settledBytes, long tookNanos) {
        return settled < outcomes && settledBytes < bytes && tookNanos < time.toNanos();
    }
}
