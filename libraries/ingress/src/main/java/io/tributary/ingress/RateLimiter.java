package io.tributary.ingress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Limits the rate of each caller. It forgets a caller after an hour without a request. Thread safe. */
public final class RateLimiter {

    /** Callers known at a time; a caller that is not among them may send a burst. */
    private static final int MAX_CALLERS = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<String, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** @param nanoTime as {@link System#nanoTime} */
    public RateLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a request. Returns zero if it is within the limit, or else the time after which there may be another one.
     *
     * @param caller the caller, such as an address
     * @param perSecond requests in the long run, 1 and up
     * @param burst requests at once, 1 and up; a caller keeps the limits of its first request
     */
    public Duration take(String caller, int perSecond, int burst) {
        return buckets.get(caller, _ -> new TokenBucket(perSecond, burst, nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
    }
}
