package io.tributary.scheduler.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a user wants events to be posted.
 *
 * @param eventTypes which; null: all
 * @param secret what the posts are signed with; only in the answer that makes it
 */
record Webhook(
        UUID id,
        String userId,
        String url,
        @Nullable List<String> eventTypes,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret) {
    @Override
    public String toString() {
        return "Webhook[" + id + "]";
    }
}
