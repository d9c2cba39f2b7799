package io.tributary.scheduler.oauth;

import java.time.Instant;

/**
 * An authorization that a user has started.
 *
 * @param authorizationUrl page of the provider at which the user consents; it has the state, so it is for this user
 *     only
 * @param expiresAt end of the time that the provider has to respond
 */
record Authorization(String authorizationUrl, Instant expiresAt) {
    @Override
    public String toString() {
        return "Authorization[" + expiresAt + "]";
    }
}
