package io.tributary.scheduler.notifications;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body that requests a notification.
 *
 * @param channels 1 to 10 accounts whose integration has the action {@code send}; without them, the notification goes
 *     to the inbox of {@code to.userId}
 * @param to the recipient
 * @param subject up to 998 characters
 * @param text plain text, up to 65536 characters
 * @param html HTML, up to 131072 characters
 * @param template name or id of a template that makes subject, text and html; then the request has none of these
 * @param locale of the template, such as {@code de-AT}; default the template's default locale
 * @param data the values of a template; without one, further values for the channel. Up to 16384 characters as JSON
 * @param priority 0 (transactional, first) to 9 (bulk, last); default 0, in a bulk request 9
 * @param routing {@code all}: through all channels at once, the default; {@code fallback}: through the first, and
 *     through the next one when one fails for good
 * @param runAt when it is sent, an RFC 3339 date-time up to a year from now; default now
 */
record NewNotification(
        @Nullable List<@Nullable UUID> channels,
        @Nullable Recipient to,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String template,
        @Nullable String locale,

        @Schema(implementation = Object.class, type = "object") @Nullable
        ObjectNode data,

        @Nullable Integer priority,

        @Schema(allowableValues = {"all", "fallback"}) @Nullable
        String routing,

        @Schema(format = "date-time") @Nullable String runAt) {

    /** One without a value, which is not valid. */
    static final NewNotification EMPTY =
            new NewNotification(null, null, null, null, null, null, null, null, null, null, null);

    /**
     * Several notifications; each is created, or none.
     *
     * @param items 1 to {@value #MAX_ITEMS}
     */
    record Bulk(@Nullable List<@Nullable NewNotification> items) {

        /** Most notifications of a request. */
        static final int MAX_ITEMS = 500;
    }
}
