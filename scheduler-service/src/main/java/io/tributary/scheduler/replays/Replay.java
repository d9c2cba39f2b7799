package io.tributary.scheduler.replays;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.Lifecycle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay and its progress, as responses show it.
 *
 * @param kind outputs or tasks
 * @param status queued or running; at the end succeeded, failed or cancelled
 * @param userIntegrationId user integration of the replayed records; null: all
 * @param taskType type of the replayed tasks; null: initial tasks
 * @param targetSchema schema of the separate table in which outputs rebuild content; null: the live table
 * @param records progress in the topic
 * @param results counts of the matching records
 */
record Replay(
        UUID id,
        String kind,
        String status,
        @Nullable UUID userIntegrationId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String taskType,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant fromTime,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long fromOffset,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String targetSchema,
        Records records,
        Results results,
        @JsonUnwrapped Lifecycle lifecycle) {

    /** The columns that {@link #read} needs, of replay {@code r}. */
    static final String COLUMNS = """
        r.id, r.kind, r.status, r.user_integration_id, r.task_type, r.from_time, r.from_offset,
        r.target_schema, r.matched,
        r.rows_inserted, r.rows_updated, r.rows_unchanged, r.tasks_queued, r.skipped, r.error_code, r.error_message,
        r.created_at, r.started_at, r.finished_at,
        (select coalesce(sum(end_offset - first_offset), 0) from replay_position where replay_id = r.id) as total,
        (select coalesce(sum(least(next_offset, end_offset) - first_offset), 0) from replay_position
         where replay_id = r.id) as read
        """;

    /**
     * Progress in the topic; markers of transactions count as records.
     *
     * @param total 0 before it has begun
     */
    record Records(long total, long read) {}

    /**
     * The results of the matching outputs or tasks.
     *
     * @param matched number of matching records
     * @param rowsUnchanged outputs whose row is the same already, or newer
     * @param tasksQueued tasks that were queued in new runs of trigger replay
     * @param skipped records of a deleted run or account, rejected records, and duplicates
     */
    record Results(
            long matched, long rowsInserted, long rowsUpdated, long rowsUnchanged, long tasksQueued, long skipped) {}

    static Replay read(ResultSet row, Instant now) throws SQLException {
        var records = new Records(row.getLong("total"), row.getLong("read"));
        return new Replay(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("status"),
                row.getObject("user_integration_id", UUID.class),
                row.getString("task_type"),
                SqlTime.find(row, "from_time"),
                row.getObject("from_offset", Long.class),
                row.getString("target_schema"),
                records,
                new Results(
                        row.getLong("matched"),
                        row.getLong("rows_inserted"),
                        row.getLong("rows_updated"),
                        row.getLong("rows_unchanged"),
                        row.getLong("tasks_queued"),
                        row.getLong("skipped")),
                Lifecycle.read(row, now, records.read(), records.total() - records.read(), null));
    }
}
