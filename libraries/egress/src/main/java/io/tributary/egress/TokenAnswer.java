package io.tributary.egress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer of a token endpoint to a refresh token or an authorization code. */
public sealed interface TokenAnswer {

    /**
     * New tokens. {@link #toString} shows none of them.
     *
     * @param refreshToken replaces the sent one; null: the sent one stays valid
     * @param expiresIn lifetime of the access token; null: unknown
     */
    record Granted(
            String accessToken,
            @Nullable String refreshToken,
            @Nullable Duration expiresIn) implements TokenAnswer {
        @Override
        public String toString() {
            return "Granted[rotated=" + (refreshToken != null) + ", expiresIn=" + expiresIn + "]";
        }
    }

    /** The grant is revoked, expired or was used before: the owner has to consent again. */
    record GrantRefused(String error) implements TokenAnswer {}

    /**
     * The provider rejects the client or the request: the owner of the client has to correct its settings.
     *
     * @param ofAuthentication whether the way in which the client showed its secret may be the reason
     */
    record ClientRefused(String error, boolean ofAuthentication) implements TokenAnswer {}

    /** The URL is not allowed, and was not called. */
    record UrlRefused(String reason) implements TokenAnswer {}

    /** The response is not one of OAuth2: there is no token endpoint at that address, now or ever. */
    record NotOAuth(int status) implements TokenAnswer {}

    /**
     * A response that leaves the state of the grant unknown.
     *
     * @param answered the status or the error code
     * @param retryAfter wait that the provider requests; null: none
     * @param unused whether the refresh token is certainly still unused
     */
    record Unavailable(String answered, @Nullable Duration retryAfter, boolean unused) implements TokenAnswer {}

    /**
     * No answer.
     *
     * @param reason without anything that the provider sent
     * @param unused whether the refresh token is certainly still unused
     */
    record Silent(String reason, boolean unused) implements TokenAnswer {}
}
