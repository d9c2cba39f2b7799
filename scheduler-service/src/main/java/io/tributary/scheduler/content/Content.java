package io.tributary.scheduler.content;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One synced item, as answers have it.
 *
 * @param externalId the provider's own id of the item
 * @param content the item itself; null when it has none, or is in the object store
 * @param contentRef where it is in the object store, and {@code GET .../{id}/content} gets it from; null when it is not
 *     there
 * @param metadata as Postgres has it, which is JSON
 * @param runId the run that wrote it last
 * @param deletedAt when it was found to be gone at the provider; null: it is there
 */
record Content(
        long id,
        UUID userIntegrationId,
        String externalId,
        @Nullable Instant externalTimestamp,
        String kind,
        String name,
        @Nullable String content,
        @Nullable String contentRef,
        @JsonRawValue @Schema(implementation = Object.class) String metadata,
        UUID runId,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deletedAt) {

    static Content read(ResultSet row) throws SQLException {
        return new Content(
                row.getLong("id"),
                row.getObject("user_integration_id", UUID.class),
                row.getString("external_id"),
                SqlTime.find(row, "external_timestamp"),
                row.getString("kind"),
                row.getString("name"),
                row.getString("content"),
                row.getString("content_ref"),
                row.getString("content_metadata"),
                row.getObject("run_id", UUID.class),
                SqlTime.read(row, "created_at"),
                SqlTime.read(row, "updated_at"),
                SqlTime.find(row, "deleted_at"));
    }

    /** About how much memory it takes, characters. */
    int size() {
        return content == null ? 0 : content.length();
    }
}
