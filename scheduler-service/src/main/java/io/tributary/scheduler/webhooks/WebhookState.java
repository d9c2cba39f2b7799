package io.tributary.scheduler.webhooks;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The circuit breaker of each webhook.
 *
 * <pre>
 *   closed --10 failures in a row--> open (a minute, then longer, up to an hour) --time is over--> half-open
 *   half-open (one attempt at a time) --failure--> open
 *   half-open, closed --success--> closed
 *   half-open --failure, and failing for days--> disabled (an event reports it) --enabled by its user--> closed
 *   any --410 Gone--> disabled
 * </pre>
 *
 * While it is open, nothing is posted, and no delivery loses an attempt.
 */
@Component
record WebhookState(WebhookTable webhooks, DeliveryTable deliveries, WebhookProperties properties, Clock clock) {

    /** Failures in a row after which the circuit opens. */
    static final int OPEN_AFTER = 10;

    /** Deliveries that one statement ends. */
    private static final int BATCH = 1_000;

    private static final Logger log = LoggerFactory.getLogger(WebhookState.class);

    /** Counts a failure; disables a webhook that has failed for too long, and ends its deliveries. */
    void failed(UUID webhookId, String error) {
        Instant now = clock.instant();
        String reason =
                "No delivery succeeded for " + properties.disableAfter().toDays() + " days; the last error: " + error;
        boolean disabled =
                webhooks.countFailure(webhookId, OPEN_AFTER, now.minus(properties.disableAfter()), reason, now);
        if (disabled) {
            log.warn("webhooks.disabled: webhook disabled after days of failures webhookId={}", webhookId);
            endDeliveries(webhookId, now);
        }
    }

    /** Disables a webhook whose receiver says that it is gone for good, and ends its deliveries. */
    void gone(UUID webhookId) {
        Instant now = clock.instant();
        boolean disabled = webhooks.disable(webhookId, "The receiver responded with 410: it is gone for good.", now);
        if (disabled) {
            log.warn("webhooks.disabled: webhook disabled, since its receiver is gone webhookId={}", webhookId);
            endDeliveries(webhookId, now);
        }
    }

    private void endDeliveries(UUID webhookId, Instant now) {
        int ended;
        do {
            ended = deliveries.giveUp(webhookId, "the webhook was disabled", BATCH, now);
        } while (ended == BATCH);
    }

    /** Forgets all failures: after a success, or because its user enables it. */
    void working(UUID webhookId) {
        webhooks.forgetFailures(webhookId);
    }
}
