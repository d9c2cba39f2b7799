package io.tributary.ingress;

import java.time.Duration;

/** Lets through {@code burst} at once and {@code perSecond} in the long run. Safe to use from several threads. */
final class TokenBucket {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final int burst;
    private final int perSecond;
    private double tokens;
    private long filledNanos;

    /** Full at first. */
    TokenBucket(int perSecond, int burst, long nowNanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filledNanos = nowNanos;
    }

    /** Takes a token. Returns zero when there was one, or else how long it takes until there is. */
    synchronized Duration take(long nowNanos) {
        double gained = (double) Math.max(0, nowNanos - filledNanos) / SECOND * perSecond;
        tokens = Math.min(burst, tokens + gained);
        filledNanos = nowNanos;
        if (tokens >= 1) {
            tokens--;
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) ((1 - tokens) / perSecond * SECOND) + 1);
    }
}
