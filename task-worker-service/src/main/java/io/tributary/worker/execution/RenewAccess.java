package io.tributary.worker.execution;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.worker.engine.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Renews the access token of a user integration: one exchange at a time, whatever the number of tasks. The new tokens
 * are in Postgres before any task sees them.
 *
 * <p>An exchange runs on its own thread. An interrupted task stops waiting for it, but the exchange still stores the
 * provider's response, which may have the only refresh token that is valid from now on. Thread safe.
 */
public final class RenewAccess implements AutoCloseable {

    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    /** Longest wait of a stop for the exchanges in flight: the time of one. */
    private static final Duration STOP = Outbound.LONGEST.plusSeconds(5);

    /**
     * A task repeats its request when it joined an exchange of an older token than its own; more repetitions would be a
     * bug.
     */
    private static final int MOST_JOINED = 3;

    private final ExchangeToken exchangeToken;
    private final RenewalCounters counters;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("renew-", 0).factory());
    private final Map<UUID, CompletableFuture<Access>> inFlight = new ConcurrentHashMap<>();

    public RenewAccess(
            JdbcClient database,
            OpenCredentials seal,
            TokenEndpoint endpoint,
            OAuthClients clients,
            MeterRegistry meters,
            Clock clock) {
        this(new TokenExchanges(database, TokenExchanges.LEASE), seal, endpoint, clients, meters, clock);
    }

    RenewAccess(
            TokenExchanges exchanges,
            OpenCredentials seal,
            TokenEndpoint endpoint,
            OAuthClients clients,
            MeterRegistry meters,
            Clock clock) {
        this.counters = new RenewalCounters(meters);
        this.exchangeToken = new ExchangeToken(exchanges, seal, endpoint, clients, clock);
    }

    /** Whether the credentials suffice to request a new access token. */
    static boolean isPossible(JsonObject config, Credentials credentials, @Nullable OAuth2 provider) {
        return new ChooseGrant(provider, config, key -> credentials.find(key).orElse(null)).isPossible();
    }

    /** Whether the token endpoint failed recently, and a wait applies. */
    boolean backsOff(UUID userIntegrationId) {
        return exchangeToken.backoff().remaining(userIntegrationId).isPositive();
    }

    /** The account was changed: earlier failures of its token endpoint no longer count. */
    void forget(UUID userIntegrationId) {
        exchangeToken.backoff().forget(userIntegrationId);
    }

    /**
     * Gets another access token than a stale one, from the provider or, when another task has just done so, from
     * Postgres. Concurrent callers wait for one exchange.
     *
     * @param stale the access token that no longer works; null: none
     * @return the account with another access token, which is stored; or the reason why there is none
     * @throws InterruptedException the caller was interrupted; the exchange goes on
     */
    Access refresh(UUID userIntegrationId, Manifest manifest, @Nullable String stale) throws InterruptedException {
        for (int joined = 0; joined < MOST_JOINED; joined++) {
            var own = new AtomicBoolean();
            Access renewed = join(userIntegrationId, manifest, stale, own);
            // Some providers answer the same token with another expiry: asking again would bring it again.
            boolean isStale = stale != null
                    && !own.get()
                    && renewed instanceof Access.Given(Account account)
                    && stale.equals(accessToken(account.credentials()));
            if (!isStale) {
                return renewed;
            }
        }
        return Access.notNow("oauth.refreshUnderWay", "The access token is being renewed.", BUSY_WAIT);
    }

    /** @param own set when this call starts the exchange */
    private Access join(UUID userIntegrationId, Manifest manifest, @Nullable String stale, AtomicBoolean own)
            throws InterruptedException {
        try {
            return inFlight.computeIfAbsent(userIntegrationId, id -> {
                        own.set(true);
                        return start(id, manifest, stale);
                    })
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (RejectedExecutionException e) {
            return Access.notNow("polling.workerStops", "The worker stops.", BUSY_WAIT);
        }
    }

    private CompletableFuture<Access> start(UUID id, Manifest manifest, @Nullable String stale) {
        var renewal = new CompletableFuture<Access>();
        executor.execute(() -> {
            try {
                Access renewed = exchangeToken.exchange(id, manifest, stale);
                counters.count(manifest.domain(), renewed);
                // Removed first: a later caller begins anew, and finds the result of this exchange in Postgres.
                inFlight.remove(id, renewal);
                renewal.complete(renewed);
            } catch (RuntimeException | Error e) {
                inFlight.remove(id, renewal);
                renewal.completeExceptionally(e);
                throw e;
            }
        });
        return renewal;
    }

    static Access impossible() {
        return Access.failed(
                Outcome.Kind.UNAUTHORIZED,
                "oauth.refreshImpossible",
                "There is no refresh token any more, or no tokenUrl: connect the account again.");
    }

    static @Nullable String accessToken(Credentials credentials) {
        return credentials.find("accessToken").orElse(null);
    }

    /** Waits for the exchanges in flight, which store their results before the process ends. */
    @Override
    public void close() {
        Outbound.finish(executor, STOP);
    }
}
