package io.tributary.scheduler.oauth;

import io.tributary.egress.Outbound;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Starts to connect an account: creates the URL at which its user consents. Each call creates a new one; an account has
 * at most 20 open authorizations, the newest ones.
 */
@Component
record BeginAuthorization(
        JdbcClient jdbc,
        FindProvider findProvider,
        SealCredentials seal,
        OAuthProperties properties,
        Outbound outbound,
        Clock clock) {

    /** Time that the provider has to respond. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int MAX_OPEN = 20;

    private static final String INSERT = """
        insert into oauth_authorization (state_hash, user_integration_id, user_id, browser_hash, sealed, expires_at)
        values (:state, :id, :userId, :browser, :sealed, :expiresAt)
        """;

    // Each call deletes expired authorizations, so the table needs no maintenance job.
    private static final String TIDY_UP = """
        delete from oauth_authorization
        where expires_at < :now
           or state_hash in (select state_hash from oauth_authorization where user_integration_id = :id
                             order by expires_at desc offset :open)
        """;

    /** The response, and the cookie of the browser. */
    record Begun(Authorization authorization, String browser) {}

    /**
     * @param callback callback of this service at the address that the caller used
     * @throws ApiException when the account, its client or its provider is unknown
     */
    Begun begin(UUID id, URI callback, Caller caller) {
        var found = findProvider.read(caller.statement(jdbc, FindProvider.SELECT + " where id = :id and %s", "user_id")
                .param("id", id));
        var provider = found.manifest().oauth2();
        var client = found.chosen().client();
        String clientId = Objects.requireNonNull(client.clientId());
        URI authorizeUrl = authorizeUrl(found);
        checkAllowed("tokenUrl", client.tokenUrl());
        URI redirectUri = properties.redirectUri() == null ? callback : properties.redirectUri();

        String state = Secrets.random();
        String verifier = Secrets.random();
        String browser = Secrets.random();
        Instant expiresAt = clock.instant().plus(LIFETIME);
        var pending = new Pending(verifier, client.tokenUrl().toString(), redirectUri.toString(), clientId);
        store(id, found.userId(), state, browser, pending, expiresAt);

        var parameters = new LinkedHashMap<String, String>();
        if (provider != null) {
            parameters.putAll(provider.authorizeParameters());
            if (!provider.scopes().isEmpty()) {
                parameters.put("scope", String.join(provider.scopeSeparator(), provider.scopes()));
            }
        }
        found.text("scope").ifPresent(scope -> parameters.put("scope", scope));
        parameters.put("response_type", "code");
        parameters.put(client.idParameter(), clientId);
        parameters.put("redirect_uri", redirectUri.toString());
        parameters.put("state", state);
        parameters.put("code_challenge", Secrets.challenge(verifier));
        parameters.put("code_challenge_method", "S256");
        return new Begun(new Authorization(with(authorizeUrl, parameters), expiresAt), browser);
    }

    private URI authorizeUrl(FindProvider.Found found) {
        String text = found.chosen().authorizeUrl();
        if (text == null) {
            throw FindProvider.impossible(
                    "oauth.noProvider",
                    found.manifest().domain() + " has no OAuth2 provider. Set authorizeUrl in the account's config.");
        }
        try {
            URI url = URI.create(text);
            checkAllowed("authorizeUrl", url);
            return url;
        } catch (IllegalArgumentException _) {
            throw FindProvider.impossible("oauth.urlRefused", "authorizeUrl is not a URL.");
        }
    }

    private void checkAllowed(String key, URI url) {
        String refused = outbound.whyRefused(url);
        if (refused != null) {
            throw FindProvider.impossible("oauth.urlRefused", key + " is rejected: " + refused + ".");
        }
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
