package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.OAuth2;
import io.tributary.schemas.RefreshAccess;
import io.tributary.worker.Json;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.oauth.TokenAnswer;
import io.tributary.worker.oauth.TokenEndpoint;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Renews the access token of a user integration: one exchange at a time, however many tasks ask. The new tokens are in
 * Postgres before anybody sees them.
 *
 * <p>An exchange runs on a thread of its own. A task that is interrupted stops waiting for it, but the answer of the
 * provider, which may hold the only refresh token that is valid from now on, is stored all the same. Thread safe.
 */
public final class RenewAccess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RenewAccess.class);

    /** Rest after the first failure in a row, doubled with each up to the longest. */
    private static final Duration FIRST_REST = Duration.ofSeconds(5);

    private static final Duration LONGEST_REST = Duration.ofMinutes(5);

    /** Longest wait that a provider may ask for. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private static final Duration DATABASE_REST = Duration.ofSeconds(2);
    private static final Duration BUSY_REST = Duration.ofSeconds(1);

    /** How long tokens that were granted are held on to while Postgres is away. */
    private static final Duration LONGEST_SAVE = Duration.ofMinutes(5);

    private static final Duration SAVE_PAUSE = Duration.ofMillis(250);

    /** What a stop waits for the exchanges under way: as long as one takes. */
    private static final Duration STOP = TokenEndpoint.LONGEST.plusSeconds(5);

    /** A task asks again when what it joined renewed an older token than its own; more often would be a fault of ours. */
    private static final int MOST_FLIGHTS = 3;

    private final TokenExchanges exchanges;
    private final OpenCredentials seal;
    private final TokenEndpoint endpoint;
    private final Clock clock;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("renew-", 0).factory());
    private final Map<UUID, CompletableFuture<Renewed>> flights = new ConcurrentHashMap<>();
    private final Rests rests;

    public RenewAccess(JdbcClient database, OpenCredentials seal, TokenEndpoint endpoint, Clock clock) {
        this(new TokenExchanges(database, TokenExchanges.LEASE), seal, endpoint, clock);
    }

    RenewAccess(TokenExchanges exchanges, OpenCredentials seal, TokenEndpoint endpoint, Clock clock) {
        this.exchanges = exchanges;
        this.seal = seal;
        this.endpoint = endpoint;
        this.clock = clock;
        this.rests = new Rests(FIRST_REST, LONGEST_REST, clock);
    }

    /** What came of it. */
    sealed interface Renewed {}

    /** The account with another access token than the one that was of no use, stored. */
    record Fresh(Account account) implements Renewed {}

    /** Not now, and nobody's fault; try again after that. */
    record NotNow(String code, String message, Duration after) implements Renewed {}

    /** Not without a person; or, of kind transient, perhaps later. */
    record Refused(Outcome.Kind kind, String code, String message) implements Renewed {}

    /** The user integration is gone. */
    record Gone() implements Renewed {}

    /** Whether there is what it takes to ask for a new access token. */
    static boolean isPossible(JsonObject config, Credentials credentials, @Nullable OAuth2 provider) {
        return credentials.find("refreshToken").isPresent() && (config.has("tokenUrl") || provider != null);
    }

    /** Whether a token endpoint was of no use lately, and rests. */
    boolean rests(UUID userIntegrationId) {
        return rests.remaining(userIntegrationId).isPositive();
    }

    /** The account was changed: what was learned of its token endpoint may be wrong. */
    void forget(UUID userIntegrationId) {
        rests.forget(userIntegrationId);
    }

    /**
     * Gets another access token than a stale one, from the provider or, when another task has just done so, from
     * Postgres. Callers that ask at once wait for one exchange.
     *
     * @param stale the access token that is of no use any more; null: there was none
     * @throws InterruptedException the caller was interrupted; the exchange goes on
     */
    Renewed refresh(UUID userIntegrationId, @Nullable OAuth2 provider, @Nullable String stale)
            throws InterruptedException {
        for (int flight = 0; flight < MOST_FLIGHTS; flight++) {
            Renewed renewed = join(userIntegrationId, provider, stale);
            if (!(renewed instanceof Fresh fresh)
                    || stale == null
                    || !stale.equals(accessToken(fresh.account().credentials()))) {
                return renewed;
            }
        }
        return new NotNow("oauth.refreshUnderWay", "The access token is being renewed.", BUSY_REST);
    }

    private Renewed join(UUID userIntegrationId, @Nullable OAuth2 provider, @Nullable String stale)
            throws InterruptedException {
        try {
            return flights.computeIfAbsent(userIntegrationId, id -> start(id, provider, stale))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (RejectedExecutionException e) {
            return new NotNow("polling.workerStops", "The worker stops.", BUSY_REST);
        }
    }

    private CompletableFuture<Renewed> start(UUID id, @Nullable OAuth2 provider, @Nullable String stale) {
        var flight = new CompletableFuture<Renewed>();
        executor.execute(() -> {
            try {
                Renewed renewed = fly(id, provider, stale);
                // Removed first: whoever comes later begins anew, and finds in Postgres what this one brought.
                flights.remove(id, flight);
                flight.complete(renewed);
            } catch (RuntimeException | Error e) {
                flights.remove(id, flight);
                flight.completeExceptionally(e);
                throw e;
            }
        });
        return flight;
    }

    private Renewed fly(UUID id, @Nullable OAuth2 provider, @Nullable String stale) {
        Duration rest = rests.remaining(id);
        if (rest.isPositive()) {
            return new NotNow("oauth.providerUnavailable", "The token endpoint was of no use lately; it rests.", rest);
        }
        try {
            return switch (exchanges.begin(id)) {
                case TokenExchanges.Gone() -> new Gone();
                case TokenExchanges.Busy(var remaining) ->
                    new NotNow(
                            "oauth.refreshUnderWay",
                            "Another worker renews the access token, or died while it did.",
                            remaining.compareTo(BUSY_REST) < 0 ? remaining : BUSY_REST);
                case TokenExchanges.Held held -> exchange(id, held, provider, stale);
            };
        } catch (DataAccessException e) {
            LOG.warn("polling.databaseUnavailable: cannot renew access userIntegrationId={}", id, e);
            return new NotNow("polling.databaseUnavailable", "The worker cannot reach its database.", DATABASE_REST);
        }
    }

    private Renewed exchange(UUID id, TokenExchanges.Held held, @Nullable OAuth2 provider, @Nullable String stale) {
        Map<String, String> values;
        try {
            values = held.sealed() == null ? Map.of() : seal.values(id, held.sealed());
        } catch (GeneralSecurityException e) {
            exchanges.end(id, held.holder(), true);
            return new Refused(
                    Outcome.Kind.UNAUTHORIZED, ExecuteTask.UNREADABLE.code(), ExecuteTask.UNREADABLE.message());
        }
        JsonObject config = Json.readObject(held.config());
        var credentials = new Credentials(values);
        String current = accessToken(credentials);
        if (current != null && !current.equals(stale)) {
            exchanges.end(id, held.holder(), true); // Another one was faster, or the account was connected again.
            return new Fresh(new Account(config, credentials));
        }
        URI tokenUrl = tokenUrl(config, provider);
        String refreshToken = values.get("refreshToken");
        if (tokenUrl == null || refreshToken == null) {
            exchanges.end(id, held.holder(), true);
            return new Refused(
                    Outcome.Kind.UNAUTHORIZED,
                    "oauth.refreshImpossible",
                    "There is no refresh token any more, or no tokenUrl: connect the account again.");
        }
        TokenAnswer answer = endpoint.refresh(
                new TokenEndpoint.Request(tokenUrl, values.get("clientId"), values.get("clientSecret"), refreshToken));
        return switch (answer) {
            case TokenAnswer.Granted granted -> save(id, held, config, values, granted);
            case TokenAnswer.GrantRefused(var error) -> grantRefused(id, held, error);
            case TokenAnswer.ClientRefused(var error) -> clientRefused(id, held, error);
            case TokenAnswer.NotOAuth(var status) -> notOAuth(id, held, status);
            case TokenAnswer.Unavailable unavailable -> unavailable(id, held, unavailable);
        };
    }

    private Renewed save(
            UUID id,
            TokenExchanges.Held held,
            JsonObject config,
            Map<String, String> before,
            TokenAnswer.Granted granted) {
        var values = new HashMap<>(before);
        values.put("accessToken", granted.accessToken());
        if (granted.refreshToken() != null) {
            values.put("refreshToken", granted.refreshToken());
        }
        Instant expiresAt = granted.expiresIn() == null ? null : clock.instant().plus(granted.expiresIn());
        if (expiresAt == null) {
            values.remove("expiresAt");
        } else {
            values.put("expiresAt", expiresAt.toString());
        }
        byte[] sealed = seal.seal(id, values);
        if (!saveSurely(id, held.holder(), sealed, expiresAt)) {
            return new NotNow(
                    "oauth.refreshOvertaken",
                    "The account was connected again, or renewed by another worker, in the meantime.",
                    BUSY_REST);
        }
        rests.forget(id);
        LOG.info("access token renewed userIntegrationId={} rotated={}", id, granted.refreshToken() != null);
        return new Fresh(new Account(config, new Credentials(values)));
    }

    /** While Postgres is away these tokens are nowhere else, so this is tried for long. */
    private boolean saveSurely(UUID id, UUID holder, byte[] sealed, @Nullable Instant expiresAt) {
        // A token that lives shorter than that is renewed when it is used.
        Instant refreshAt = expiresAt == null ? null : expiresAt.minus(RefreshAccess.AHEAD);
        Instant due = refreshAt == null || refreshAt.isBefore(clock.instant()) ? null : refreshAt;
        long giveUpAtNanos = System.nanoTime() + LONGEST_SAVE.toNanos();
        while (true) {
            try {
                return exchanges.save(id, holder, sealed, due);
            } catch (DataAccessException e) {
                if (System.nanoTime() - giveUpAtNanos > 0) {
                    throw e;
                }
                LOG.warn(
                        "polling.databaseUnavailable: cannot store renewed access, trying on userIntegrationId={}", id);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(SAVE_PAUSE.toMillis());
        } catch (InterruptedException e) {
            // Only a stop that has waited long enough interrupts this thread. The tokens are lost then, and the
            // exchange stays written down as unanswered.
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the renewed tokens were stored", e);
        }
    }

    private Renewed grantRefused(UUID id, TokenExchanges.Held held, String error) {
        exchanges.end(id, held.holder(), true);
        return held.unanswered()
                ? new Refused(
                        Outcome.Kind.UNAUTHORIZED,
                        "oauth.refreshInterrupted",
                        "An earlier exchange of the refresh token was interrupted before its answer was stored, and the"
                                + " provider takes the token no more (" + error + "): connect the account again.")
                : new Refused(
                        Outcome.Kind.UNAUTHORIZED,
                        "oauth.grantRevoked",
                        "The provider has revoked the access (" + error + "): connect the account again.");
    }

    private Renewed clientRefused(UUID id, TokenExchanges.Held held, String error) {
        exchanges.end(id, held.holder(), true);
        return new Refused(
                Outcome.Kind.MISCONFIGURED,
                "oauth.clientRefused",
                "The token endpoint refuses the client or the request (" + error
                        + "): check tokenUrl, clientId and clientSecret.");
    }

    private Renewed notOAuth(UUID id, TokenExchanges.Held held, int status) {
        exchanges.end(id, held.holder(), false);
        rests.failed(id, null);
        return new Refused(
                Outcome.Kind.TRANSIENT,
                "oauth.tokenEndpointInvalid",
                "There is no OAuth2 token endpoint at tokenUrl: it answered " + status + ".");
    }

    private Renewed unavailable(UUID id, TokenExchanges.Held held, TokenAnswer.Unavailable answer) {
        exchanges.end(id, held.holder(), answer.heard());
        Duration after = answer.after();
        if (after != null && after.compareTo(LONGEST_RETRY_AFTER) > 0) {
            after = LONGEST_RETRY_AFTER;
        }
        Duration rest = rests.failed(id, after);
        LOG.warn(
                "oauth.providerUnavailable: cannot renew access now userIntegrationId={} seconds={} reason={}",
                id,
                rest.toSeconds(),
                answer.reason());
        return new NotNow("oauth.providerUnavailable", answer.reason(), rest);
    }

    private static @Nullable URI tokenUrl(JsonObject config, @Nullable OAuth2 provider) {
        try {
            return config.text("tokenUrl")
                    .map(URI::create)
                    .orElse(provider == null ? null : URI.create(provider.tokenUrl()));
        } catch (IllegalArgumentException e) {
            return URI.create("invalid:tokenUrl"); // Refused as what it is.
        }
    }

    private static @Nullable String accessToken(Credentials credentials) {
        return credentials.find("accessToken").orElse(null);
    }

    /** Waits for the exchanges under way: their answers are stored before the process ends. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
