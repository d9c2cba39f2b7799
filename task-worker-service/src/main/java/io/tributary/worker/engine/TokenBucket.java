package io.tributary.worker.engine;

/** A rate limit: a rate a second on average, and a burst after a pause. Guarded by its {@link RateLimiter}. */
final class TokenBucket {

    private final double perMilli;
    private final double burst;
    private double share = 1;
    private double tokens;
    private long lastMillis;

    /**
     * @param perSecond tokens a second; infinity: no limit
     * @param burst tokens at most, 1 and up
     * @param tokens there are to begin with, 0 to {@code burst}
     */
    TokenBucket(double perSecond, int burst, double tokens, long nowMillis) {
        this.perMilli = perSecond / 1000;
        this.burst = burst;
        this.tokens = tokens;
        this.lastMillis = nowMillis;
    }

    /** Allows only a share of the rate and of the burst from now on; the change itself adds no tokens. */
    void share(double share, long nowMillis) {
        refill(nowMillis);
        this.share = share;
        tokens = Math.min(tokens, mostTokens());
    }

    /** How many tokens can be taken now. */
    long available(long nowMillis) {
        if (isUnlimited()) {
            return Long.MAX_VALUE;
        }
        refill(nowMillis);
        return (long) tokens;
    }

    /** Takes a token that is available. */
    void take() {
        if (!isUnlimited()) {
            tokens--;
        }
    }

    /** When there will be a token, milliseconds since the epoch. */
    long nextTokenMillis(long nowMillis) {
        return available(nowMillis) >= 1
                ? nowMillis
                : nowMillis + (long) Math.ceil((1 - tokens) / (perMilli * Math.max(share, 1e-6)));
    }

    private boolean isUnlimited() {
        return perMilli == Double.POSITIVE_INFINITY;
    }

    private double mostTokens() {
        return Math.max(1, burst * share);
    }

    private void refill(long nowMillis) {
        // A clock set back adds nothing and takes nothing.
        tokens = Math.min(mostTokens(), tokens + Math.max(0, nowMillis - lastMillis) * perMilli * share);
        lastMillis = nowMillis;
    }
}
