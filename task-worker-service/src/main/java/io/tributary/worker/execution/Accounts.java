package io.tributary.worker.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of live runs: each is read for a run's first task, kept for that run, and dropped when the account
 * changes. Bounded to 10 minutes and to a number of accounts that grows with the heap: 10,000, or one for each 64 KB of
 * a heap above 640 MB. Thread safe.
 */
final class Accounts {

    private final ReadAccount read;
    private static final int LEAST = 10_000;
    private static final int HEAP_BYTES_FOR_ONE = 64 * 1024;

    /** By user integration, and then by run, so that an account is forgotten without a look at the others. */
    private final Cache<UUID, Map<UUID, Account>> known = Caffeine.newBuilder()
            .maximumSize(Math.max(LEAST, Runtime.getRuntime().maxMemory() / HEAP_BYTES_FOR_ONE))
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    Accounts(ReadAccount read) {
        this.read = read;
    }

    /** As {@link ReadAccount#read}. Concurrent callers wait for a single read. */
    Optional<Account> find(UUID userIntegrationId, UUID runId) throws GeneralSecurityException {
        try {
            return Optional.ofNullable(known.get(userIntegrationId, _ -> new ConcurrentHashMap<>())
                    .computeIfAbsent(runId, _ -> read(userIntegrationId)));
        } catch (UnreadableException e) {
            throw e.cause;
        }
    }

    private @Nullable Account read(UUID userIntegrationId) {
        try {
            return read.read(userIntegrationId).orElse(null);
        } catch (GeneralSecurityException e) {
            throw new UnreadableException(e);
        }
    }

    /** Whether an effect is stored: {@link ReadAccount#isStored}. */
    boolean isStored(UUID userIntegrationId, String effectKey) {
        return read.isStored(userIntegrationId, effectKey);
    }

    void forget(UUID userIntegrationId) {
        known.invalidate(userIntegrationId);
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
