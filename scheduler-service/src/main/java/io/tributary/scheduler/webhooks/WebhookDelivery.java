package io.tributary.scheduler.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to a webhook.
 *
 * @param status pending, delivered, or failed after all attempts
 * @param nextAttemptAt when it is tried (again); only while it is pending
 * @param lastStatus what the receiver answered last
 * @param lastError why the last attempt did not deliver it
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
