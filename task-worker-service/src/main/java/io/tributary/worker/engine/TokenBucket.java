package io.tributary.worker.engine;

/** A rate limit: so many a second on average, so many at once after a rest. Guarded by its lane. */
final class TokenBucket {

    private final double perMilli;
    private final double burst;
    private double tokens;
    private long lastMillis;

    /**
     * @param perSecond tokens a second; infinity: no limit
     * @param burst tokens at most, 1 and up
     */
    TokenBucket(double perSecond, int burst, long nowMillis) {
        this.perMilli = perSecond / 1000;
        this.burst = burst;
        this.tokens = burst;
        this.lastMillis = nowMillis;
    }

    /** Takes a token if there is one. */
    boolean tryTake(long nowMillis) {
        if (perMilli == Double.POSITIVE_INFINITY) {
            return true;
        }
        refill(nowMillis);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** When there will be a token, milliseconds since the epoch. */
    long nextTokenMillis(long nowMillis) {
        if (perMilli == Double.POSITIVE_INFINITY) {
            return nowMillis;
        }
        refill(nowMillis);
        return tokens >= 1 ? nowMillis : nowMillis + (long) Math.ceil((1 - tokens) / perMilli);
    }

    private void refill(long nowMillis) {
        // A clock set back adds nothing and takes nothing.
        tokens = Math.min(burst, tokens + Math.max(0, nowMillis - lastMillis) * perMilli);
        lastMillis = nowMillis;
    }
}
