package io.tributary.scheduler.notifications;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification, as responses show it.
 *
 * @param status the farthest that a delivery has come; {@code queued} while none was sent and one is under way
 * @param routing all or fallback
 * @param priority 0 (first) to 9 (last)
 * @param runAt when it is due
 * @param endedAt since when no delivery waits or is under way; null: one is
 * @param deliveries one for each channel, in the order of the request
 */
record Notification(
        UUID id,

        @Schema(
                allowableValues = {
                    "scheduled",
                    "queued",
                    "sent",
                    "delivered",
                    "opened",
                    "bounced",
                    "failed",
                    "uncertain",
                    "cancelled"
                })
        String status,

        @Schema(allowableValues = {"all", "fallback"}) String routing,

        int priority,
        Recipient to,
        Instant runAt,
        Instant createdAt,
        @Nullable Instant endedAt,
        List<Delivery> deliveries) {

    /**
     * A notification on its way through one channel.
     *
     * @param userIntegrationId the channel; none: the inbox of the recipient
     * @param status as of the notification, or {@code skipped}: an earlier channel sent it
     * @param providerId the provider's id of what was sent
     * @param attempts of a failed one, how often it was tried; of a sent one 1, however often
     */
    record Delivery(
            @Nullable UUID userIntegrationId,

            @Schema(
                    allowableValues = {
                        "scheduled",
                        "queued",
                        "sent",
                        "delivered",
                        "opened",
                        "bounced",
                        "failed",
                        "uncertain",
                        "cancelled",
                        "skipped"
                    })
            String status,

            @Nullable String providerId,
            int attempts,
            @Nullable Failure error) {}

    /**
     * Why a delivery failed.
     *
     * @param code stable code of the error
     * @param message for people
     */
    record Failure(String code, String message) {}

    /** What a request gets back: the notification is stored, and is sent whatever crashes. */
    record Accepted(UUID id, String status) {}

    /** What a bulk request gets back, in the order of its items. */
    record AcceptedBulk(List<Accepted> items) {}
}
