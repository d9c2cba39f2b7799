package io.tributary.integrations.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth2 provider (RFC 6749), for connecting accounts and renewing their access. A user integration's
 * {@code config.tokenUrl} and {@code config.authorizeUrl} take precedence.
 *
 * @param authorizeUrl page at which the user consents, an https URL without a fragment; null: users do not consent, as
 *     with {@link Grant#CLIENT_CREDENTIALS}
 * @param tokenUrl endpoint that exchanges codes and refresh tokens, an https URL
 * @param scopes requested scopes; may be empty
 * @param scopeSeparator between two scopes; default a space, as in RFC 6749; some providers need a comma
 * @param authorizeParameters further parameters of the authorization request, such as {@code access_type=offline}, with
 *     which some providers return a refresh token; default none
 * @param clientAuthentication how the token endpoint takes the client's secret; null: unknown, so the other way is
 *     tried once when it rejects the first one, and the way that worked is remembered
 * @param grant what the worker shows for a new access token; default {@link Grant#REFRESH_TOKEN}
 * @param renewal where the worker asks for it, and what it sends in addition; default {@link Renewal#AT_TOKEN_URL}
 */
public record OAuth2(
        @Nullable String authorizeUrl,
        String tokenUrl,
        List<String> scopes,
        String scopeSeparator,
        Map<String, String> authorizeParameters,
        @Nullable ClientAuthentication clientAuthentication,
        Grant grant,
        Renewal renewal) {

    /** How a client shows its secret (RFC 6749, section 2.3.1). */
    public enum ClientAuthentication {
        /** In the header Authorization, as HTTP Basic. */
        BASIC,
        /** In the form of the request. */
        POST
    }

    /**
     * What is shown for a new access token. Whatever the grant, an account that has a {@code refreshToken} is renewed
     * by that.
     */
    public enum Grant {
        /** The refresh token of a user's consent (RFC 6749, section 6). */
        REFRESH_TOKEN,
        /** {@code clientId} and {@code clientSecret} alone (RFC 6749, section 4.4). No user consents. */
        CLIENT_CREDENTIALS,
        /**
         * An assertion that {@code privateKey} signs with RS256 (RFC 7523), as service accounts do: {@code username} is
         * its issuer, {@code config.subject} the user for whom it asks, and {@code config.keyId} names the key. No user
         * consents.
         */
        JWT_BEARER,
        /** The present access token, as {@code fb_exchange_token}: Facebook has no refresh tokens. */
        FACEBOOK_EXCHANGE,
        /**
         * The present access token: as {@code ig_exchange_token} while its expiry is unknown, which that of a consent
         * is, then as {@code ig_refresh_token}. Instagram has no refresh tokens.
         */
        INSTAGRAM_REFRESH
    }

    /**
     * How access is renewed, where it is not as at the consent.
     *
     * @param url where, an https URL; null, the default: {@code tokenUrl}. The user integration's
     *     {@code config.tokenUrl} takes precedence
     * @param parameters further parameters of the request, such as {@code audience}; default none
     */
    public record Renewal(@Nullable String url, Map<String, String> parameters) {

        public static final Renewal AT_TOKEN_URL = new Renewal(null, Map.of());

        public Renewal {
            if (url != null) {
                requireHttps("the URL of the renewal", url);
            }
            parameters = Map.copyOf(parameters);
        }
    }

    public OAuth2 {
        if (authorizeUrl != null) {
            requireHttps("authorizeUrl", authorizeUrl);
        }
        requireHttps("tokenUrl", tokenUrl);
        scopes = List.copyOf(scopes);
        authorizeParameters = Map.copyOf(authorizeParameters);
    }

    /** With the defaults above. */
    public OAuth2(String authorizeUrl, String tokenUrl, List<String> scopes) {
        this(authorizeUrl, tokenUrl, scopes, " ", Map.of());
    }

    /** Of a token endpoint that does not say how it takes the secret. */
    public OAuth2(
            String authorizeUrl,
            String tokenUrl,
            List<String> scopes,
            String scopeSeparator,
            Map<String, String> authorizeParameters) {
        this(authorizeUrl, tokenUrl, scopes, scopeSeparator, authorizeParameters, null);
    }

    /** Of a provider that renews access by refresh tokens. */
    public OAuth2(
            @Nullable String authorizeUrl,
            String tokenUrl,
            List<String> scopes,
            String scopeSeparator,
            Map<String, String> authorizeParameters,
            @Nullable ClientAuthentication clientAuthentication) {
        this(
                authorizeUrl,
                tokenUrl,
                scopes,
                scopeSeparator,
                authorizeParameters,
                clientAuthentication,
                Grant.REFRESH_TOKEN,
                Renewal.AT_TOKEN_URL);
    }

    /** This provider with a token endpoint that takes the client's secret in this way. */
    public OAuth2 withClientAuthentication(ClientAuthentication way) {
        return new OAuth2(authorizeUrl, tokenUrl, scopes, scopeSeparator, authorizeParameters, way, grant, renewal);
    }

    /** This provider with another grant. */
    public OAuth2 withGrant(Grant grant, Renewal renewal) {
        return new OAuth2(
                authorizeUrl,
                tokenUrl,
                scopes,
                scopeSeparator,
                authorizeParameters,
                clientAuthentication,
                grant,
                renewal);
    }

    private static void requireHttps(String name, String url) {
        if (!url.startsWith("https://") || url.contains("#")) {
            throw new IllegalArgumentException(name + " is " + url + "; it must be an https URL without a fragment");
        }
    }
}
