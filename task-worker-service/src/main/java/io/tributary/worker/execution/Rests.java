package io.tributary.worker.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How long what failed is left alone: doubled with each failure in a row. Bounded to 10,000 user integrations and two
 * hours; what is forgotten starts over. Thread safe.
 */
final class Rests {

    private final Duration first;
    private final Duration longest;
    private final Clock clock;
    private final Cache<UUID, Rest> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofHours(2))
            .build();

    private record Rest(int failures, Instant until) {}

    Rests(Duration first, Duration longest, Clock clock) {
        this.first = first;
        this.longest = longest;
        this.clock = clock;
    }

    /** 0 when it does not rest. */
    Duration remaining(UUID id) {
        Rest rest = known.getIfPresent(id);
        Duration remaining = rest == null ? Duration.ZERO : Duration.between(clock.instant(), rest.until());
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** @param wanted the rest that was asked for; null: none was */
    Duration failed(UUID id, @Nullable Duration wanted) {
        Rest before = known.getIfPresent(id);
        int failures = before == null ? 0 : before.failures();
        Duration doubled = first.multipliedBy(1L << Math.min(failures, 20));
        Duration own = doubled.compareTo(longest) > 0 ? longest : doubled;
        Duration rest = wanted == null || wanted.isZero() ? own : wanted;
        known.put(id, new Rest(failures + 1, clock.instant().plus(rest)));
        return rest;
    }

    void forget(UUID id) {
        known.invalidate(id);
    }
}
