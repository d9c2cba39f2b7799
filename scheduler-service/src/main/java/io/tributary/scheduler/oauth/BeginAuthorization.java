package io.tributary.scheduler.oauth;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.outbound.Outbound;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Begins to connect an account: makes the URL at which its user consents. Each call makes another one; an account has 20
 * open at most, the oldest give way.
 */
@Component
class BeginAuthorization {

    /** Until when the provider's answer is taken. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int MAX_OPEN = 20;

    private static final String INSERT = """
        insert into oauth_authorization (state_hash, user_integration_id, user_id, browser_hash, sealed, expires_at)
        values (:state, :id, :userId, :browser, :sealed, :expiresAt)
        """;

    // What has expired goes with each call, so the table needs no other housekeeping.
    private static final String TIDY_UP = """
        delete from oauth_authorization
        where expires_at < :now
           or state_hash in (select state_hash from oauth_authorization where user_integration_id = :id
                             order by expires_at desc offset :open)
        """;

    /** What the account brings along. */
    private record Account(String userId, String domain, JsonNode config, byte @Nullable [] credentials) {}

    /** The answer, and what the browser keeps as a cookie. */
    record Begun(Authorization authorization, String browser) {}

    private final JdbcClient jdbc;
    private final Manifests manifests;
    private final SealCredentials seal;
    private final OAuthProperties properties;
    private final Outbound outbound;
    private final Clock clock;

    BeginAuthorization(
            JdbcClient jdbc,
            Manifests manifests,
            SealCredentials seal,
            OAuthProperties properties,
            Outbound outbound,
            Clock clock) {
        this.jdbc = jdbc;
        this.manifests = manifests;
        this.seal = seal;
        this.properties = properties;
        this.outbound = outbound;
        this.clock = clock;
    }

    /**
     * @param callback the callback of this service as the caller addressed it
     * @throws ApiException when there is no such account, or nothing to connect it with
     */
    Begun begin(UUID id, URI callback, Caller caller) {
        Account account = account(id, caller);
        Manifest manifest = manifests.require(account.domain());
        var client = client(id, account);
        var provider = manifest.oauth2();
        URI authorizeUrl = url("authorizeUrl", account, provider == null ? null : provider.authorizeUrl());
        URI tokenUrl = url("tokenUrl", account, provider == null ? null : provider.tokenUrl());
        URI redirectUri = properties.redirectUri() == null ? callback : properties.redirectUri();

        String state = Secrets.random();
        String verifier = Secrets.random();
        String browser = Secrets.random();
        Instant expiresAt = clock.instant().plus(LIFETIME);
        var pending = new Pending(
                verifier, tokenUrl.toString(), redirectUri.toString(), client.clientId(), client.clientSecret());
        store(id, account.userId(), state, browser, pending, expiresAt);

        var parameters = new LinkedHashMap<String, String>();
        if (provider != null) {
            parameters.putAll(provider.authorizeParameters());
            if (!provider.scopes().isEmpty()) {
                parameters.put("scope", String.join(provider.scopeSeparator(), provider.scopes()));
            }
        }
        text(account.config(), "scope").ifPresent(scope -> parameters.put("scope", scope));
        parameters.put("response_type", "code");
        parameters.put("client_id", client.clientId());
        parameters.put("redirect_uri", redirectUri.toString());
        parameters.put("state", state);
        parameters.put("code_challenge", Secrets.challenge(verifier));
        parameters.put("code_challenge_method", "S256");
        return new Begun(new Authorization(with(authorizeUrl, parameters), expiresAt), browser);
    }

    private Account account(UUID id, Caller caller) {
        return jdbc.sql("""
                select user_id, integration_domain, config::text as config, credentials
                from user_integration where id = :id and %s
                """.formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> new Account(
                        row.getString("user_id"),
                        row.getString("integration_domain"),
                        JsonMapper.shared().readTree(row.getString("config")),
                        row.getBytes("credentials")))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    private OAuthProperties.Client client(UUID id, Account account) {
        Map<String, String> own = account.credentials() == null ? Map.of() : seal.open(id, account.credentials());
        String clientId = own.get("clientId");
        if (clientId != null) {
            return new OAuthProperties.Client(clientId, own.get("clientSecret"));
        }
        var client = properties.client(account.domain());
        if (client == null) {
            throw impossible(
                    "oauth.noClient",
                    "There is no OAuth2 client for " + account.domain()
                            + ": give the account a clientId and clientSecret, or set tributary.oauth.clients.");
        }
        return client;
    }

    private URI url(String key, Account account, @Nullable String fromManifest) {
        String text = text(account.config(), key).orElse(fromManifest);
        if (text == null) {
            throw impossible(
                    "oauth.noProvider",
                    account.domain() + " names no OAuth2 provider: set " + key + " in the account's config.");
        }
        try {
            URI url = URI.create(text);
            String refused = outbound.whyRefused(url);
            if (refused != null) {
                throw impossible("oauth.urlRefused", key + " is refused: " + refused + ".");
            }
            return url;
        } catch (IllegalArgumentException _) {
            throw impossible("oauth.urlRefused", key + " is no URL.");
        }
    }

    private static java.util.Optional<String> text(JsonNode config, String key) {
        JsonNode value = config.get(key);
        return value != null && value.isString()
                ? java.util.Optional.of(value.stringValue())
                : java.util.Optional.empty();
    }

    private static ApiException impossible(String code, String detail) {
        return new ApiException(Problem.of(HttpStatus.CONFLICT, code, detail));
    }

    private void store(UUID id, String userId, String state, String browser, Pending pending, Instant expiresAt) {
        jdbc.sql(TIDY_UP)
                .param("now", SqlTime.of(clock.instant()))
                .param("id", id)
                .param("open", MAX_OPEN - 1)
                .update();
        jdbc.sql(INSERT)
                .param("state", Secrets.sha256(state))
                .param("id", id)
                .param("userId", userId)
                .param("browser", Secrets.sha256(browser))
                .param("sealed", seal.sealJson(id, pending))
                .param("expiresAt", SqlTime.of(expiresAt))
                .update();
    }

    private static String with(URI url, Map<String, String> parameters) {
        var builder = UriComponentsBuilder.fromUri(url);
        parameters.forEach((name, value) -> builder.replaceQueryParam(name, "{" + name + "}"));
        return builder.encode().buildAndExpand(parameters).toUriString();
    }
}
