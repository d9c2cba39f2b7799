package io.tributary.scheduler.inbox;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification in the inbox of its recipient.
 *
 * @param data further values that its sender gave; JSON
 * @param readAt null: it is unread
 */
record InboxItem(
        long id,
        UUID notificationId,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,

        @JsonRawValue @Schema(implementation = Object.class) @Nullable
        String data,

        Instant createdAt,
        @Nullable Instant readAt) {

    /**
     * A page of an inbox.
     *
     * @param unread number of the unread items of the whole inbox, 1,000 at most
     * @param nextCursor the {@code cursor} of the next page; null: this is the last page
     */
    record Inbox(
            List<InboxItem> items, long unread, @Nullable String nextCursor) {}

    /** The number of items that were marked as read. */
    record Marked(int items) {}
}
