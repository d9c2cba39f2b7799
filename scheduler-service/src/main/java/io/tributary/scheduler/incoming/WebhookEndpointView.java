package io.tributary.scheduler.incoming;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint.
 *
 * @param key the last part of its URL
 * @param url where the provider sends webhooks to
 * @param secret only in the response to its creation, and only if it was generated; enter it at the provider
 * @param verifyToken only in the response to its creation; enter it at the provider if the provider wants one
 */
record WebhookEndpointView(
        UUID key,
        String url,
        String integrationDomain,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String verifyToken,
        Instant createdAt) {

    @Override
    public String toString() {
        return "endpoint " + key;
    }
}
