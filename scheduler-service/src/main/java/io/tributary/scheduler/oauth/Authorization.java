package io.tributary.scheduler.oauth;

import java.time.Instant;

/**
 * Where to send the user.
 *
 * @param authorizationUrl at the provider, where the user consents; holds the state, so it is for this user only
 * @param expiresAt until when the provider's answer is taken
 */
record Authorization(String authorizationUrl, Instant expiresAt) {
    @Override
    public String toString() {
        return "Authorization[" + expiresAt + "]";
    }
}
