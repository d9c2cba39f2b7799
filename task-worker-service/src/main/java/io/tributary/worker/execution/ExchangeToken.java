package io.tributary.worker.execution;

import static io.tributary.worker.engine.Outcome.Kind.MISCONFIGURED;
import static io.tributary.worker.engine.Outcome.Kind.TRANSIENT;
import static io.tributary.worker.engine.Outcome.Kind.UNAUTHORIZED;

import io.tributary.egress.OAuthClients;
import io.tributary.egress.TokenAnswer;
import io.tributary.egress.TokenEndpoint;
import io.tributary.egress.TokenGrant;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.schedule.Backoff;
import io.tributary.secrets.Expiry;
import io.tributary.worker.codec.Json;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Exchanges the refresh token or another grant of a user integration, and stores the new tokens before it returns them.
 * Postgres stores the exchange before the request to the provider, see {@link TokenExchanges}. Thread safe.
 */
record ExchangeToken(
        TokenExchanges exchanges,
        OpenCredentials seal,
        TokenEndpoint endpoint,
        OAuthClients clients,
        Clock clock,
        FailureBackoff backoff) {

    private static final Logger log = LoggerFactory.getLogger(ExchangeToken.class);

    /** Longest wait that a provider may request. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    private static final Duration NO_CLIENT_WAIT = Duration.ofMinutes(1);

    /** Longest time that granted tokens are kept in memory during an outage of Postgres. */
    private static final Duration LONGEST_SAVE = Duration.ofMinutes(5);

    private static final Duration SAVE_PAUSE = Duration.ofMillis(250);

    ExchangeToken(
            TokenExchanges exchanges, OpenCredentials seal, TokenEndpoint endpoint, OAuthClients clients, Clock clock) {
        this(
                exchanges,
                seal,
                endpoint,
                clients,
                clock,
                new FailureBackoff(new Backoff(Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0), clock));
    }

    /** As {@link RenewAccess#refresh}. */
    Access exchange(UUID id, Manifest manifest, @Nullable String stale) {
        Duration wait = backoff.remaining(id);
        if (wait.isPositive()) {
            return Access.notNow(
                    "oauth.providerUnavailable", "The token endpoint failed recently; the worker waits.", wait);
        }
        try {
            return switch (exchanges.begin(id)) {
                case TokenExchanges.Gone() -> new Access.Withheld(Outcomes.GONE);
                case TokenExchanges.Busy(var remaining) ->
                    Access.notNow(
                            "oauth.refreshUnderWay",
                            "Another worker renews the access token, or died while it did.",
                            remaining.compareTo(BUSY_WAIT) < 0 ? remaining : BUSY_WAIT);
                case TokenExchanges.Held held -> exchange(id, held, manifest, stale);
            };
        } catch (DataAccessException e) {
            log.warn("polling.databaseUnavailable: cannot renew access userIntegrationId={}", id, e);
            return new Access.Withheld(Outcomes.DATABASE_UNAVAILABLE);
        }
    }

    private Access exchange(UUID id, TokenExchanges.Held held, Manifest manifest, @Nullable String stale) {
        Map<String, String> values;
        try {
            values = held.sealed() == null ? Map.of() : seal.open(id, held.sealed());
        } catch (GeneralSecurityException e) {
            exchanges.end(id, held.holder(), true);
            return new Access.Withheld(Outcomes.UNREADABLE);
        }
        JsonObject config = Json.readObject(held.config()).withDefaultsOf(Json.readObject(manifest.configSchema()));
        var exchange = new Exchange(id, held, config, values);
        return exchange.isOvertaken(stale) ? exchange.overtaken() : exchange.make(manifest);
    }

    /** One exchange that this worker holds. */
    private final class Exchange {

        private final UUID id;
        private final TokenExchanges.Held held;
        private final JsonObject config;
        private final Map<String, String> values;

        /** Whether nothing is lost when the answer to the grant is. */
        private boolean isReusable;

        Exchange(UUID id, TokenExchanges.Held held, JsonObject config, Map<String, String> values) {
            this.id = id;
            this.held = held;
            this.config = config;
            this.values = values;
        }

        /** Another exchange was faster, or the account was connected again. */
        boolean isOvertaken(@Nullable String stale) {
            String current = values.get("accessToken");
            return current != null && !current.equals(stale);
        }

        Access overtaken() {
            end(true);
            return new Access.Given(Account.of(id, config, values, seal));
        }

        Access make(Manifest manifest) {
            var grant = new ChooseGrant(manifest.oauth2(), config, values::get);
            if (!grant.isPossible()) {
                end(true);
                return RenewAccess.impossible();
            }
            return switch (clients.choose(manifest.domain(), grant.provided(), grant.named(), values)) {
                case OAuthClients.Unusable(var reason) -> unusable(reason);
                case OAuthClients.Chosen chosen -> make(chosen, grant);
            };
        }

        private Access make(OAuthClients.Chosen chosen, ChooseGrant choice) {
            if (choice.isOfClient() && chosen.ofDeployment()) {
                end(true);
                return Access.failed(
                        MISCONFIGURED,
                        OAuthClients.Reason.FOREIGN_URL.code(),
                        "The deployment's client is for no account with this grant: set another clientId and"
                                + " clientSecret in the account's credentials.");
            }
            TokenGrant grant;
            TokenEndpoint.Client client;
            try {
                client = chosen.client().at(choice.address(chosen.client().tokenUrl()));
                grant = choice.at(client.tokenUrl(), clock);
            } catch (GeneralSecurityException e) {
                end(true);
                return Access.failed(
                        UNAUTHORIZED,
                        "oauth.privateKeyUnusable",
                        "The private key cannot sign (" + e.getMessage() + "): connect the account again.");
            }
            if (grant.client() == TokenGrant.ClientShown.REQUIRED && client.clientId() == null) {
                return unusable(OAuthClients.Reason.NO_CLIENT);
            }
            isReusable = grant.type() == TokenGrant.Type.REUSABLE;
            return switch (endpoint.exchange(client, grant)) {
                case TokenAnswer.Granted granted -> save(granted, chosen);
                case TokenAnswer.GrantRefused(var error) -> grantRejected(error);
                case TokenAnswer.ClientRefused(var error, var _) -> clientRejected(error);
                case TokenAnswer.UrlRefused(var reason) -> clientRejected(reason);
                case TokenAnswer.NotOAuth(var status) -> notOAuth(status);
                case TokenAnswer.Unavailable(var answered, var after, var unused) ->
                    unavailable("The token endpoint answered " + answered + ".", after, unused);
                case TokenAnswer.Silent(var reason, var unused) ->
                    unavailable("The token endpoint is unavailable: " + reason + ".", null, unused);
            };
        }

        /** Nothing was sent. */
        private Access unusable(OAuthClients.Reason reason) {
            end(true);
            return switch (reason) {
                case NO_PROVIDER -> RenewAccess.impossible();
                case NO_URL -> clientRejected("it is not a URL");
                case FOREIGN_URL -> Access.failed(MISCONFIGURED, reason.code(), reason.detail());
                case CLIENT_CHANGED, URL_CHANGED -> Access.failed(UNAUTHORIZED, reason.code(), reason.detail());
                // Another worker may have it, and an operator can set it: no reason to stop the account.
                case NO_CLIENT -> Access.notNow(reason.code(), reason.detail(), NO_CLIENT_WAIT);
            };
        }

        private Access save(TokenAnswer.Granted granted, OAuthClients.Chosen chosen) {
            var renewed = new HashMap<>(values);
            renewed.put("accessToken", granted.accessToken());
            // A refresh token can be sent once: it must not replace a grant that can be repeated.
            if (granted.refreshToken() != null && values.containsKey("refreshToken")) {
                renewed.put("refreshToken", granted.refreshToken());
            }
            chosen.bind(renewed);
            Expiry.store(renewed, granted.expiresIn(), clock.instant());
            if (!saveWithRetry(seal.seal(id, renewed), Expiry.refreshAt(renewed))) {
                return Access.notNow(
                        "oauth.refreshOvertaken",
                        "The account was connected again, or renewed by another worker, in the meantime.",
                        BUSY_WAIT);
            }
            backoff.forget(id);
            log.info(
                    "oauth.accessRenewed: access token renewed userIntegrationId={} rotated={}",
                    id,
                    granted.refreshToken() != null);
            return new Access.Given(Account.of(id, config, renewed, seal));
        }

        /** During an outage of Postgres, nobody else has these tokens, so this retries for a long time. */
        private boolean saveWithRetry(byte[] sealed, @Nullable Instant refreshAt) {
            long giveUpAtNanos = System.nanoTime() + LONGEST_SAVE.toNanos();
            while (true) {
                try {
                    return exchanges.save(id, held.holder(), sealed, refreshAt);
                } catch (DataAccessException e) {
                    if (System.nanoTime() - giveUpAtNanos > 0) {
                        throw e;
                    }
                    log.warn(
                            "polling.databaseUnavailable: cannot store renewed access, retrying userIntegrationId={}",
                            id);
                    pause();
                }
            }
        }

        private Access grantRejected(String error) {
            end(true);
            return held.unanswered()
                    ? Access.failed(
                            UNAUTHORIZED,
                            "oauth.refreshInterrupted",
                            "An earlier exchange of the refresh token was interrupted before its answer was stored, and"
                                    + " the provider no longer accepts the token (" + error
                                    + "): connect the account again.")
                    : Access.failed(
                            UNAUTHORIZED,
                            "oauth.grantRevoked",
                            "The provider has revoked the access (" + error + "): connect the account again.");
        }

        private Access clientRejected(String error) {
            end(true);
            return Access.failed(
                    MISCONFIGURED,
                    "oauth.clientRefused",
                    "The token endpoint rejects the client or the request (" + error
                            + "): check tokenUrl, clientId and clientSecret.");
        }

        private Access notOAuth(int status) {
            end(false);
            backoff.failed(id, null);
            return Access.failed(
                    TRANSIENT,
                    "oauth.tokenEndpointInvalid",
                    "There is no OAuth2 token endpoint at tokenUrl: it answered " + status + ".");
        }

        private Access unavailable(String reason, @Nullable Duration after, boolean unused) {
            end(unused);
            boolean isTooLong = after != null && after.compareTo(LONGEST_RETRY_AFTER) > 0;
            Duration wait = backoff.failed(id, isTooLong ? LONGEST_RETRY_AFTER : after);
            log.warn(
                    "oauth.providerUnavailable: cannot renew access now userIntegrationId={} seconds={} reason={}",
                    id,
                    wait.toSeconds(),
                    reason);
            return Access.notNow("oauth.providerUnavailable", reason, wait);
        }

        private void end(boolean unused) {
            exchanges.end(id, held.holder(), unused || isReusable);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(SAVE_PAUSE.toMillis());
        } catch (InterruptedException e) {
            // Only a stop that has waited long enough interrupts this thread. Then the tokens are lost, and the
            // exchange stays stored as unanswered.
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the renewed tokens were stored", e);
        }
    }
}
