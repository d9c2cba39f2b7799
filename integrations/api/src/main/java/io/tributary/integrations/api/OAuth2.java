package io.tributary.integrations.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth2 provider (RFC 6749), for connecting accounts and renewing their access. A user integration's
 * {@code config.tokenUrl} and {@code config.authorizeUrl} take precedence.
 *
 * @param authorizeUrl page at which the user consents, an https URL without a fragment
 * @param tokenUrl endpoint that exchanges codes and refresh tokens, an https URL
 * @param scopes requested scopes; may be empty
 * @param scopeSeparator between two scopes; default a space, as in RFC 6749; some providers need a comma
 * @param authorizeParameters further parameters of the authorization request, such as {@code access_type=offline}, with
 *     which some providers return a refresh token; default none
 * @param clientAuthentication how the token endpoint takes the client's secret; null: unknown, so the other way is
 *     tried once when it rejects the first one, and the way that worked is remembered
 */
public record OAuth2(
        String authorizeUrl,
        String tokenUrl,
        List<String> scopes,
        String scopeSeparator,
        Map<String, String> authorizeParameters,
        @Nullable ClientAuthentication clientAuthentication) {

    /** How a client shows its secret (RFC 6749, section 2.3.1). */
    public enum ClientAuthentication {
        /** In the header Authorization, as HTTP Basic. */
        BASIC,
        /** In the form of the request. */
        POST
    }

    public OAuth2 {
        requireHttps("authorizeUrl", authorizeUrl);
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

    /** This provider with a token endpoint that takes the client's secret in this way. */
    public OAuth2 withClientAuthentication(ClientAuthentication way) {
        return new OAuth2(authorizeUrl, tokenUrl, scopes, scopeSeparator, authorizeParameters, way);
    }

    private static void requireHttps(String name, String url) {
        if (!url.startsWith("https://") || url.contains("#")) {
            throw new IllegalArgumentException(name + " is " + url + "; it must be an https URL without a fragment");
        }
    }
}
