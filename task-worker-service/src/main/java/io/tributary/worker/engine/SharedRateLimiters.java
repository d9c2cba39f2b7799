package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import java.util.HashMap;
import java.util.Map;

/**
 * The rate limiters that the user integrations of a provider app share on this worker. The share of a worker is the
 * share of its partitions: so all workers together keep the limits without communication. Thread safe.
 */
public final class SharedRateLimiters {

    private final int partitions;
    private final Map<String, RateLimiter> byDomain = new HashMap<>();
    private int owned;

    /** @param partitions of the tasks topic, 1 and up */
    public SharedRateLimiters(int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + "; it must be 1 and up");
        }
        this.partitions = partitions;
    }

    synchronized RateLimiter of(String domain, Limits limits, long nowMillis) {
        return byDomain.computeIfAbsent(domain, unused -> RateLimiter.ofProviderApp(limits, share(), nowMillis));
    }

    /** This worker got a partition. */
    synchronized void gained(long nowMillis) {
        own(owned + 1, nowMillis);
    }

    /** This worker lost a partition. */
    synchronized void lost(long nowMillis) {
        own(Counts.oneLess(owned, "partitions of this worker"), nowMillis);
    }

    /** Partitions of this worker. */
    synchronized int owned() {
        return owned;
    }

    private void own(int partitions, long nowMillis) {
        owned = partitions;
        byDomain.values().forEach(limiter -> limiter.share(share(), nowMillis));
    }

    private double share() {
        return Math.min(1, (double) owned / partitions);
    }
}
