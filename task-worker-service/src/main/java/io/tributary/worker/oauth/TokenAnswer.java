package io.tributary.worker.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a token endpoint made of a refresh token. */
public sealed interface TokenAnswer {

    /**
     * New tokens. {@link #toString} says none of them.
     *
     * @param refreshToken replaces the one that was sent; null: that one stays valid
     * @param expiresIn lifetime of the access token; null: the provider does not say
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

    /** The provider does not know the client, or not the request: whoever set up the client has to act. */
    record ClientRefused(String error) implements TokenAnswer {}

    /** No answer of OAuth2: there is something else at that address, for now or for good. */
    record NotOAuth(int status) implements TokenAnswer {}

    /**
     * No answer that says anything about the grant.
     *
     * @param reason without anything that the provider sent but its status
     * @param after how long the provider wants us to wait; null: it does not say
     * @param heard whether the request certainly has not used up the refresh token: it never got there, or was refused
     *     before it was looked at
     */
    record Unavailable(String reason, @Nullable Duration after, boolean heard) implements TokenAnswer {}
}
