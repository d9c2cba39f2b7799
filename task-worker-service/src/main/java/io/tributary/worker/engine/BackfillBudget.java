package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;

/**
 * The share of a user integration's limits that its backfills may use: a fifth, and one task at a time at least. A
 * backfill's task counts against the whole as well. Guarded by its {@link Lane}.
 */
final class BackfillBudget {

    private static final double SHARE = 0.2;

    private final int slots;
    private final TokenBucket rate;
    private int inFlight;

    BackfillBudget(Limits limits, long nowMillis) {
        this.slots = (int) Math.max(1, limits.concurrency() * SHARE);
        int burst = (int) Math.max(1, limits.burst() * SHARE);
        this.rate = new TokenBucket(limits.requestsPerSecond() * SHARE, burst, 1, nowMillis);
    }

    /**
     * When a task may start, milliseconds since the epoch; {@link Long#MAX_VALUE} when it waits for another one to end.
     */
    long opensAtMillis(long nowMillis) {
        return inFlight >= slots ? Long.MAX_VALUE : rate.nextTokenMillis(nowMillis);
    }

    /** A task starts, which may. */
    void start() {
        rate.take();
        inFlight++;
    }

    /** The execution is over. */
    void end() {
        inFlight = Counts.oneLess(inFlight, "backfill tasks in flight");
    }
}
