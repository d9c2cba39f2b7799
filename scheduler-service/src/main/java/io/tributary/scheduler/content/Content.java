package io.tributary.scheduler.content;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One synced item, as responses show it.
 *
 * @param externalId the provider's own id of the item
 * @param content the item itself; null when it has none, or is in the object store
 * @param contentRef its place in the object store, from which {@code GET .../{id}/content} serves it; null when it is
 *     not in the object store
 * @param metadata JSON, as stored in Postgres
 * @param unified the item in the words that all platforms share, as JSON; null: none
 * @param runId the run that last wrote it
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

        @JsonRawValue @Schema(implementation = Object.class) @Nullable
        String unified,

        UUID runId,
        @JsonUnwrapped Times times) {

    /**
     * The times of its row.
     *
     * @param deletedAt when a run found that the provider no longer has it; null: the provider has it
     */
    record Times(
            Instant createdAt, Instant updatedAt, @Nullable Instant deletedAt) {}

    /** Its columns in {@code user_integration_content}. */
    static final String COLUMNS = """
        id, user_integration_id, external_id, external_timestamp, kind, name, content, content_ref,
        content_metadata::text as content_metadata, unified::text as unified, run_id, created_at, updated_at, deleted_at\
        """;

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
                row.getString("unified"),
                row.getObject("run_id", UUID.class),
                new Times(
                        SqlTime.read(row, "created_at"),
                        SqlTime.read(row, "updated_at"),
                        SqlTime.find(row, "deleted_at")));
    }

    /** Approximate size in memory, characters. */
    int size() {
        return content == null ? 0 : content.length();
    }
}
