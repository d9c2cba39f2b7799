package io.tributary.worker.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the runs under way: read when a run's first task needs one, kept for that run, dropped when the
 * account changes. Bounded to 10,000 accounts and 10 minutes. Thread safe.
 */
final class Accounts {

    private final ReadAccount read;
    private final Cache<Key, Account> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    private record Key(UUID userIntegrationId, UUID runId) {}

    Accounts(ReadAccount read) {
        this.read = read;
    }

    /** As {@link ReadAccount#read}. Tasks that ask at once wait for the one that reads. */
    Optional<Account> find(UUID userIntegrationId, UUID runId) throws GeneralSecurityException {
        try {
            return Optional.ofNullable(known.get(new Key(userIntegrationId, runId), this::read));
        } catch (UnreadableException e) {
            throw e.cause;
        }
    }

    private @Nullable Account read(Key key) {
        try {
            return read.read(key.userIntegrationId()).orElse(null);
        } catch (GeneralSecurityException e) {
            throw new UnreadableException(e);
        }
    }

    void forget(UUID userIntegrationId) {
        known.asMap().keySet().removeIf(key -> key.userIntegrationId().equals(userIntegrationId));
    }

    /** Carries a checked exception through the cache. */
    private static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final GeneralSecurityException cause;

        UnreadableException(GeneralSecurityException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
