package io.tributary.worker.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

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

    /** As {@link ReadAccount#read}. Two tasks that ask at once may both read. */
    Optional<Account> find(UUID userIntegrationId, UUID runId) throws GeneralSecurityException {
        var key = new Key(userIntegrationId, runId);
        Account account = known.getIfPresent(key);
        if (account != null) {
            return Optional.of(account);
        }
        Optional<Account> found = read.read(userIntegrationId);
        found.ifPresent(fresh -> known.put(key, fresh));
        return found;
    }

    void forget(UUID userIntegrationId) {
        known.asMap().keySet().removeIf(key -> key.userIntegrationId().equals(userIntegrationId));
    }
}
