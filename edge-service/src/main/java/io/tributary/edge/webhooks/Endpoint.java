package io.tributary.edge.webhooks;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address that takes webhooks.
 *
 * @param userIntegrationId the account that its webhooks are for; null: the content of each names the account
 * @param sealedSecret its secret, which opens with the keyset
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Endpoint(UUID key, String domain, @Nullable UUID userIntegrationId, byte[] sealedSecret) {

    /**
     * The secrets of an endpoint.
     *
     * @param secret the key of signatures, or the token
     * @param verifyToken the token of a challenge; null: none
     */
    record Secret(String secret, @Nullable String verifyToken) {

        @Override
        public String toString() {
            return "Secret";
        }
    }
}
