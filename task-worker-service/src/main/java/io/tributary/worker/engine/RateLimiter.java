package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import org.jspecify.annotations.Nullable;

/**
 * Limits the start of tasks: by a rate, by concurrency, by the remaining quota of the provider, and by a pause when the
 * provider throttles. Each user integration has its own limiter, or all those of a provider app share one in each
 * worker. Thread safe.
 */
final class RateLimiter {

    private final boolean shared;
    private final int concurrency;
    private final TokenBucket rate;
    private final LearnedQuota quota = new LearnedQuota();
    private double share = 1;
    private int inFlight;
    private long throttledUntilMillis;
    private String throttledReason = "";

    private RateLimiter(Limits limits, boolean shared, double tokens, long nowMillis) {
        this.shared = shared;
        this.concurrency = limits.concurrency();
        this.rate = new TokenBucket(limits.requestsPerSecond(), limits.burst(), tokens, nowMillis);
    }

    /** The limiter of a new user integration: it begins with a full burst. */
    static RateLimiter withFullBurst(Limits limits, long nowMillis) {
        return new RateLimiter(limits, false, limits.burst(), nowMillis);
    }

    /** The limiter of a user integration that another worker may have executed until now. */
    static RateLimiter withoutBurst(Limits limits, long nowMillis) {
        return new RateLimiter(limits, false, 0, nowMillis);
    }

    /** The limiter that the user integrations of a provider app share, with this worker's share of the limits. */
    static RateLimiter ofProviderApp(Limits limits, double share, long nowMillis) {
        var limiter = new RateLimiter(limits, true, 0, nowMillis);
        limiter.share(share, nowMillis);
        return limiter;
    }

    /** The right to execute a task, until {@link #end}. */
    final class Permit {
        private long mark;

        private Permit(long mark) {
            this.mark = mark;
        }

        /** The provider reported the rest of its quota. */
        void learn(Quota reported, long nowMillis) {
            synchronized (RateLimiter.this) {
                mark = quota.learn(reported, mark, nowMillis);
            }
        }

        /** The execution is over. Once. */
        void end() {
            synchronized (RateLimiter.this) {
                quota.end(mark);
                inFlight = Counts.oneLess(inFlight, "tasks in flight");
            }
        }
    }

    /** @param reason stable code of the reason */
    record Throttle(long untilMillis, String reason) {}

    boolean isShared() {
        return shared;
    }

    /** A permit if a task may start now. */
    synchronized @Nullable Permit tryStart(long nowMillis) {
        if (openings(nowMillis) < 1) {
            return null;
        }
        rate.take();
        inFlight++;
        return new Permit(quota.start());
    }

    /** How many tasks may start now. */
    synchronized long openings(long nowMillis) {
        if (nowMillis < throttledUntilMillis) {
            return 0;
        }
        return Math.min(Math.min(slots() - inFlight, rate.available(nowMillis)), quota.left(share, nowMillis));
    }

    /**
     * When a task may start that waits for nothing but time, milliseconds since the epoch; {@link Long#MAX_VALUE} when
     * it waits for another one to end.
     */
    synchronized long opensAtMillis(long nowMillis) {
        Throttle throttle = throttle(nowMillis);
        if (throttle != null) {
            return throttle.untilMillis();
        }
        boolean waitsForAnother = inFlight >= slots() || quota.left(share, nowMillis) < 1;
        return waitsForAnother ? Long.MAX_VALUE : rate.nextTokenMillis(nowMillis);
    }

    /** The pause that the provider requested, or that follows from its exhausted quota; null: none. */
    synchronized @Nullable Throttle throttle(long nowMillis) {
        if (nowMillis < throttledUntilMillis) {
            return new Throttle(throttledUntilMillis, throttledReason);
        }
        long exhaustedUntil = quota.exhaustedUntilMillis(share, nowMillis);
        return exhaustedUntil > nowMillis ? new Throttle(exhaustedUntil, "polling.quotaExhausted") : null;
    }

    /** The provider asked to wait. */
    synchronized void throttleUntil(long untilMillis, String reason) {
        if (untilMillis > throttledUntilMillis) {
            throttledUntilMillis = untilMillis;
            throttledReason = reason;
        }
    }

    /** From now on only this share of the limits, 0 to 1. */
    synchronized void share(double share, long nowMillis) {
        this.share = share;
        rate.share(share, nowMillis);
    }

    private int slots() {
        return shared ? (int) Math.max(1, concurrency * share) : Integer.MAX_VALUE;
    }
}
