package io.tributary.scheduler.activities;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One item in the words that all platforms share, as responses show it.
 *
 * @param id its row, for {@code GET /v1/user-integration-content/{id}/content}, which has the item as the provider
 *     shows it
 * @param platform domain of the integration
 * @param kind post, comment, message, person or activity
 * @param externalId the provider's own id of the item
 * @param name its name for people
 * @param said what it says and belongs to
 * @param counts figures of the item by name, such as likes
 * @param createdAt when it was made, at the provider
 * @param time the provider's time of the item as it is now, or else that of its arrival: the list is in its order
 */
record Activity(
        long id,
        UUID userIntegrationId,
        String platform,
        String kind,
        String externalId,
        String name,
        Author author,
        @JsonUnwrapped Said said,
        @JsonRawValue @Schema(implementation = Object.class) String counts,
        Instant createdAt,
        Instant time,
        Instant updatedAt) {

    /** The author, each part null if it is unknown. */
    record Author(@Nullable String id, @Nullable String name) {}

    /**
     * The words of an item.
     *
     * @param text null: none
     * @param parent external id of the item that it answers; null: none
     * @param thread id that all items of one conversation share; null: unknown
     * @param permalink its address for a browser; null: none
     */
    record Said(
            @Nullable String text,
            @Nullable String parent,
            @Nullable String thread,
            @Nullable String permalink) {

        int size() {
            return text == null ? 0 : text.length();
        }
    }

    /** The name of the column with its time. */
    static final String TIME = "coalesce(c.external_timestamp, c.created_at)";

    /** What an integration that does not unify its activities says about them is in their content and metadata. */
    static final String COLUMNS = """
        c.id, c.user_integration_id, c.integration_domain, c.kind, c.external_id, c.name,
        c.unified -> 'author' ->> 'id' as author_id, c.unified -> 'author' ->> 'name' as author_name,
        case when c.unified is null then left(c.content, 16384) else c.unified ->> 'text' end as text,
        c.unified ->> 'parent' as parent, c.unified ->> 'thread' as thread,
        coalesce(c.unified ->> 'permalink', c.content_metadata ->> 'sourceUrl') as permalink,
        case when jsonb_typeof(c.unified -> 'counts') = 'object' then c.unified ->> 'counts' else '{}' end as counts,
        c.unified ->> 'createdAt' as created, %s as time, c.updated_at\
        """.formatted(TIME);

    static Activity read(ResultSet row) throws SQLException {
        return new Activity(
                row.getLong("id"),
                row.getObject("user_integration_id", UUID.class),
                row.getString("integration_domain"),
                row.getString("kind"),
                row.getString("external_id"),
                row.getString("name"),
                new Author(row.getString("author_id"), row.getString("author_name")),
                new Said(
                        row.getString("text"),
                        row.getString("parent"),
                        row.getString("thread"),
                        row.getString("permalink")),
                row.getString("counts"),
                created(row),
                SqlTime.read(row, "time"),
                SqlTime.read(row, "updated_at"));
    }

    /** The time of the item if it says none, or one that no worker writes. */
    private static Instant created(ResultSet row) throws SQLException {
        String created = row.getString("created");
        try {
            return created == null ? SqlTime.read(row, "time") : Instant.parse(created);
        } catch (DateTimeParseException _) {
            return SqlTime.read(row, "time");
        }
    }
}
