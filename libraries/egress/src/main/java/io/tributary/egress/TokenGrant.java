package io.tributary.egress;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is shown to a token endpoint for an access token.
 *
 * @param type by which the endpoint tells it from others
 * @param form the fields of the request, without those of the client
 * @param client what the request shows of the client
 * @param asQuery whether the fields are sent in the query of a GET, which Meta publishes for its tokens
 */
public record TokenGrant(Type type, Map<String, String> form, ClientShown client, boolean asQuery) {

    /** The kinds of grants. */
    public enum Type {
        /** Used up when it is sent: it may be replaced by the answer, and is never sent twice. */
        SINGLE_USE,
        /** It can be sent again. */
        REUSABLE
    }

    /** What a request shows of the client. */
    public enum ClientShown {
        /** Its id and its secret, where there is a client. */
        ID_AND_SECRET,
        /** The same, and without a client there is no request. */
        REQUIRED,
        /** Nothing: the grant says enough. */
        NOTHING
    }

    public TokenGrant {
        form = Map.copyOf(form);
    }

    /** A refresh token (RFC 6749, section 6). */
    public static TokenGrant refreshToken(String token) {
        return new TokenGrant(
                Type.SINGLE_USE,
                Map.of("grant_type", "refresh_token", "refresh_token", token),
                ClientShown.ID_AND_SECRET,
                false);
    }

    /** The code of an authorization (RFC 6749, section 4.1.3), with its verifier (RFC 7636). */
    static TokenGrant code(String code, String redirectUri, String codeVerifier) {
        return new TokenGrant(
                Type.SINGLE_USE,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirectUri,
                        "code_verifier",
                        codeVerifier),
                ClientShown.ID_AND_SECRET,
                false);
    }

    /**
     * The client itself (RFC 6749, section 4.4).
     *
     * @param scope empty: none is requested
     */
    public static TokenGrant clientCredentials(String scope) {
        return new TokenGrant(
                Type.REUSABLE,
                scope.isEmpty()
                        ? Map.of("grant_type", "client_credentials")
                        : Map.of("grant_type", "client_credentials", "scope", scope),
                ClientShown.REQUIRED,
                false);
    }

    /** A signed assertion (RFC 7523, section 2.1). */
    public static TokenGrant jwtBearer(String assertion) {
        return new TokenGrant(
                Type.REUSABLE,
                Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion),
                ClientShown.NOTHING,
                false);
    }

    /** Facebook's exchange of an access token for one that lives longer. */
    public static TokenGrant facebookExchange(String accessToken) {
        return new TokenGrant(
                Type.REUSABLE,
                Map.of("grant_type", "fb_exchange_token", "fb_exchange_token", accessToken),
                ClientShown.REQUIRED,
                true);
    }

    /** Instagram's exchange of the access token of a consent for one that lives longer. */
    public static TokenGrant instagramExchange(String accessToken) {
        return new TokenGrant(
                Type.REUSABLE,
                Map.of("grant_type", "ig_exchange_token", "access_token", accessToken),
                ClientShown.REQUIRED,
                true);
    }

    /** Instagram's refresh of an access token. */
    public static TokenGrant instagramRefresh(String accessToken) {
        return new TokenGrant(
                Type.REUSABLE,
                Map.of("grant_type", "ig_refresh_token", "access_token", accessToken),
                ClientShown.NOTHING,
                true);
    }

    /** The same with further fields; those of the grant take precedence. */
    public TokenGrant with(Map<String, String> parameters) {
        var more = new LinkedHashMap<>(parameters);
        more.putAll(form);
        return new TokenGrant(type, more, client, asQuery);
    }

    /** Names the grant and shows no secret. */
    @Override
    public String toString() {
        return "TokenGrant[" + form.get("grant_type") + "]";
    }
}
