package io.tributary.scheduler.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A URL to which the events of a user are posted.
 *
 * @param eventTypes types of the events; null: all
 * @param failingSince first failure since the last success; null: the last delivery succeeded
 * @param disabledAt since when no event is posted, because the receiver failed for days; null: it is enabled
 * @param disabledReason why, and how it failed last
 * @param secret key of the signatures; only in the response that creates the webhook
 */
record Webhook(
        UUID id,
        String userId,
        String url,
        @Nullable List<String> eventTypes,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant failingSince,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant disabledAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String disabledReason,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret) {
    @Override
    public String toString() {
        return "Webhook[" + id + "]";
    }
}
