package io.tributary.scheduler.oauth;

import org.jspecify.annotations.Nullable;

/**
 * What is needed when the provider calls back; sealed in the meantime.
 *
 * @param codeVerifier of RFC 7636
 * @param clientSecret null: a public client
 */
record Pending(
        String codeVerifier,
        String tokenUrl,
        String redirectUri,
        String clientId,
        @Nullable String clientSecret) {
    @Override
    public String toString() {
        return "Pending[]";
    }
}
