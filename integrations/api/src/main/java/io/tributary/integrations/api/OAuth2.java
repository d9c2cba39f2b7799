package io.tributary.integrations.api;

import java.util.List;
import java.util.Map;

/**
 * How a user connects an account by OAuth2 (RFC 6749), and how its access is renewed. A user integration's {@code
 * config.tokenUrl} and {@code config.authorizeUrl} go before what is said here.
 *
 * @param authorizeUrl where the user consents, an https URL without a fragment
 * @param tokenUrl where codes and refresh tokens are exchanged, an https URL
 * @param scopes what is asked for; may be empty
 * @param scopeSeparator between two scopes; default a space, which RFC 6749 wants; some providers want a comma
 * @param authorizeParameters further parameters of the authorization request, such as {@code access_type=offline}, by
 *     which some providers are asked for a refresh token; default none
 */
public record OAuth2(
        String authorizeUrl,
        String tokenUrl,
        List<String> scopes,
        String scopeSeparator,
        Map<String, String> authorizeParameters) {

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

    private static void requireHttps(String name, String url) {
        if (!url.startsWith("https://") || url.contains("#")) {
            throw new IllegalArgumentException(name + " is " + url + "; it must be an https URL without a fragment");
        }
    }
}
