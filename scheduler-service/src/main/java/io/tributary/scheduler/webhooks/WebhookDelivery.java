package io.tributary.scheduler.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of an event to a webhook.
 *
 * @param status pending, delivered, or failed after all attempts
 * @param nextAttemptAt time of the next attempt; only while it is pending
 * @param lastStatus HTTP status of the last response
 * @param lastError error of the last attempt
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WebhookDelivery(
        long id,
        UUID eventId,
        String eventType,
        String status,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        Instant createdAt,
        @Nullable Instant endedAt) {}
