package io.tributary.worker.execution;

import static java.util.Objects.requireNonNull;

import io.tributary.egress.ClientAuthentication;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.SignedAssertion;
import io.tributary.egress.TokenGrant;
import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.OAuth2;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chooses the grant by which an account gets its next access token: the only place that knows which credentials each
 * grant takes.
 *
 * @param provider of the integration; null: unknown, so access is renewed by refresh tokens alone
 * @param config of the account
 * @param credentials by key; null for those that it lacks
 */
record ChooseGrant(@Nullable OAuth2 provider, JsonObject config, Function<String, @Nullable String> credentials) {

    /** The names of credentials in a key file of Google ({@code serviceAccount}). */
    private static final Map<String, String> IN_KEY_FILE =
            Map.of("username", "client_email", "privateKey", "private_key", "keyId", "private_key_id");

    /** Whether the credentials suffice; the client may be that of the deployment, except for client credentials. */
    boolean isPossible() {
        if (!config.has("tokenUrl") && provider == null) {
            return false;
        }
        return has("refreshToken")
                || provider != null
                        && switch (provider.grant()) {
                            case REFRESH_TOKEN -> false;
                            // The deployment's client would be one account at the provider for all of its users.
                            case CLIENT_CREDENTIALS -> has("clientId") && has("clientSecret");
                            case JWT_BEARER -> has("privateKey") && has("username");
                            // A token that somebody pasted cannot be renewed without the client that it was issued to.
                            case FACEBOOK_EXCHANGE -> has("accessToken") && has("clientId");
                            case INSTAGRAM_REFRESH -> has("accessToken") && (has("clientId") || has("expiresAt"));
                        };
    }

    /**
     * The grant, to be sent to an address.
     *
     * @throws GeneralSecurityException when the private key cannot sign; the message has nothing of it
     * @throws IllegalStateException when {@link #isPossible} is false
     */
    TokenGrant at(URI tokenUrl, Clock clock) throws GeneralSecurityException {
        if (has("refreshToken") || provider == null) {
            return TokenGrant.refreshToken(require("refreshToken"));
        }
        TokenGrant grant = switch (provider.grant()) {
            case REFRESH_TOKEN -> TokenGrant.refreshToken(require("refreshToken"));
            case CLIENT_CREDENTIALS -> TokenGrant.clientCredentials(scope(provider));
            case JWT_BEARER ->
                TokenGrant.jwtBearer(new SignedAssertion(
                                require("username"),
                                config.text("subject").orElse(null),
                                scope(provider),
                                config.text("keyId").orElse(inKeyFile("keyId")))
                        .of(tokenUrl, require("privateKey"), clock));
            case FACEBOOK_EXCHANGE -> TokenGrant.facebookExchange(require("accessToken"));
            case INSTAGRAM_REFRESH ->
                has("expiresAt")
                        ? TokenGrant.instagramRefresh(require("accessToken"))
                        : TokenGrant.instagramExchange(require("accessToken"));
        };
        return grant.with(provider.renewal().parameters());
    }

    /** Whether the client itself is the account, so that it must be the account's own. */
    boolean isOfClient() {
        return provider != null && provider.grant() == OAuth2.Grant.CLIENT_CREDENTIALS && !has("refreshToken");
    }

    /** Whether an access token that a token endpoint issued lives for an hour only, although it does not say so. */
    static boolean livesShortly(@Nullable OAuth2 provider, Credentials credentials) {
        return provider != null
                && provider.grant() == OAuth2.Grant.INSTAGRAM_REFRESH
                && credentials.find("expiresAt").isEmpty()
                && credentials.find("refreshToken").isEmpty();
    }

    private String scope(OAuth2 provider) {
        return config.text("scope").orElseGet(() -> String.join(provider.scopeSeparator(), provider.scopes()));
    }

    /**
     * Where the grant is sent: the account's own endpoint takes precedence, and only refresh tokens are bound to the
     * endpoint of the consent.
     *
     * @param tokenUrl endpoint that was chosen for the account
     */
    URI address(URI tokenUrl) {
        String url = provider == null || has("refreshToken")
                ? null
                : provider.renewal().url();
        if (url == null || provider == null || !tokenUrl.toString().equals(provider.tokenUrl())) {
            return tokenUrl;
        }
        boolean exchanges = provider.grant() == OAuth2.Grant.INSTAGRAM_REFRESH && !has("expiresAt");
        return exchanges ? URI.create(url).resolve("access_token") : URI.create(url);
    }

    /** The URLs of the integration, by which a client is chosen. */
    OAuthClients.Provider provided() {
        return provider == null
                ? OAuthClients.Provider.NONE
                : new OAuthClients.Provider(
                        provider.authorizeUrl(),
                        provider.tokenUrl(),
                        switch (provider.clientAuthentication()) {
                            case BASIC -> ClientAuthentication.BASIC;
                            case POST -> ClientAuthentication.POST;
                            case null -> null;
                        });
    }

    /** Those that the account's config names. */
    OAuthClients.Provider named() {
        return new OAuthClients.Provider(
                config.text("authorizeUrl").orElse(null),
                config.text("tokenUrl").orElse(null),
                null,
                config.text("clientIdParameter").orElse(null));
    }

    private boolean has(String key) {
        return find(key) != null;
    }

    private @Nullable String find(String key) {
        String value = credentials.apply(key);
        return value == null ? inKeyFile(key) : value;
    }

    /** Null when there is no key file, or it lacks the key or is no JSON. */
    private @Nullable String inKeyFile(String key) {
        String name = IN_KEY_FILE.get(key);
        String file = name == null ? null : credentials.apply("serviceAccount");
        if (file == null) {
            return null;
        }
        try {
            String value = JsonMapper.shared()
                    .readTree(file)
                    .path(requireNonNull(name))
                    .asString("");
            return value.isEmpty() ? null : value;
        } catch (JacksonException _) { // Its message quotes the file.
            return null;
        }
    }

    private String require(String key) {
        String value = find(key);
        if (value == null) {
            throw new IllegalStateException("the account has no " + key);
        }
        return value;
    }
}
