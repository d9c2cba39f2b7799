package io.tributary.worker.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.schedule.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The waits of user integrations after failures in a row. Bounded to 10,000 user integrations and two hours; a
 * forgotten one starts over. Thread safe.
 */
final class FailureBackoff {

    private final Backoff backoff;
    private final Clock clock;
    private final Cache<UUID, Failures> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofHours(2))
            .build();

    private record Failures(int count, Instant until) {
        static final Failures NONE = new Failures(0, Instant.MIN);
    }

    FailureBackoff(Backoff backoff, Clock clock) {
        this.backoff = backoff;
        this.clock = clock;
    }

    /** The remaining wait; 0: none. */
    Duration remaining(UUID id) {
        Instant now = clock.instant();
        Instant until = failuresOf(id).until();
        return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    }

    /** @param wanted the requested wait; null: none */
    Duration failed(UUID id, @Nullable Duration wanted) {
        int count = failuresOf(id).count() + 1;
        Duration wait = wanted == null || wanted.isZero() ? backoff.after(count) : wanted;
        known.put(id, new Failures(count, clock.instant().plus(wait)));
        return wait;
    }

    void forget(UUID id) {
        known.invalidate(id);
    }

    private Failures failuresOf(UUID id) {
        Failures failures = known.getIfPresent(id);
        return failures == null ? Failures.NONE : failures;
    }
}
