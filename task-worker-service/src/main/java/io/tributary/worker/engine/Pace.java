package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import org.jspecify.annotations.Nullable;

/**
 * How fast tasks may start: a rate, a number at a time, what is left of the provider's quota, and a rest when it asked
 * for one. Each user integration has its own, or all those of a provider app share one in each worker. Thread safe.
 */
final class Pace {

    private final boolean shared;
    private final int concurrency;
    private final TokenBucket rate;
    private final LearnedQuota quota = new LearnedQuota();
    private double share = 1;
    private int underWay;
    private long restsUntilMillis;
    private String restReason = "";

    private Pace(Limits limits, boolean shared, double tokens, long nowMillis) {
        this.shared = shared;
        this.concurrency = limits.concurrency();
        this.rate = new TokenBucket(limits.requestsPerSecond(), limits.burst(), tokens, nowMillis);
    }

    /** The pace of one user integration that begins with a full burst: it did nothing before. */
    static Pace rested(Limits limits, long nowMillis) {
        return new Pace(limits, false, limits.burst(), nowMillis);
    }

    /** The pace of one user integration that may have been at work until now, on another worker. */
    static Pace restless(Limits limits, long nowMillis) {
        return new Pace(limits, false, 0, nowMillis);
    }

    /** The pace that the user integrations of a provider app share, at its share of what all workers may do. */
    static Pace ofProviderApp(Limits limits, double share, long nowMillis) {
        var pace = new Pace(limits, true, 0, nowMillis);
        pace.share(share, nowMillis);
        return pace;
    }

    /** The right to execute a task, until {@link #end}. */
    final class Ticket {
        private long mark;

        private Ticket(long mark) {
            this.mark = mark;
        }

        /** The provider said what is left of its quota. */
        void learn(Quota said, long nowMillis) {
            synchronized (Pace.this) {
                mark = quota.learn(said, mark, nowMillis);
            }
        }

        /** The execution is over. Once. */
        void end() {
            synchronized (Pace.this) {
                quota.end(mark);
                underWay--;
            }
        }
    }

    /** @param reason stable code of why */
    record Rest(long untilMillis, String reason) {}

    boolean isShared() {
        return shared;
    }

    /** A ticket if a task may start now. */
    synchronized @Nullable Ticket tryStart(long nowMillis) {
        if (openings(nowMillis) < 1) {
            return null;
        }
        rate.take();
        underWay++;
        return new Ticket(quota.start());
    }

    /** How many tasks may start now. */
    synchronized long openings(long nowMillis) {
        if (nowMillis < restsUntilMillis) {
            return 0;
        }
        return Math.min(Math.min(slots() - underWay, rate.available(nowMillis)), quota.left(share, nowMillis));
    }

    /**
     * When a task may start that waits for nothing but time, milliseconds since the epoch; {@link Long#MAX_VALUE} when
     * it waits for another one to end.
     */
    synchronized long opensAtMillis(long nowMillis) {
        Rest rest = rest(nowMillis);
        if (rest != null) {
            return rest.untilMillis();
        }
        boolean waitsForAnother = underWay >= slots() || quota.left(share, nowMillis) < 1;
        return waitsForAnother ? Long.MAX_VALUE : rate.nextTokenMillis(nowMillis);
    }

    /** The rest that the provider asked for or that its exhausted quota means; null: none. */
    synchronized @Nullable Rest rest(long nowMillis) {
        if (nowMillis < restsUntilMillis) {
            return new Rest(restsUntilMillis, restReason);
        }
        long exhaustedUntil = quota.exhaustedUntilMillis(share, nowMillis);
        return exhaustedUntil > nowMillis ? new Rest(exhaustedUntil, "polling.quotaExhausted") : null;
    }

    /** The provider asked to wait. */
    synchronized void restUntil(long untilMillis, String reason) {
        if (untilMillis > restsUntilMillis) {
            restsUntilMillis = untilMillis;
            restReason = reason;
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
