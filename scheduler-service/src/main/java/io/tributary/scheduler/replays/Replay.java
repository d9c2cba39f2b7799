package io.tributary.scheduler.replays;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.RunError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay and how far it is, as answers have it.
 *
 * @param kind outputs or tasks
 * @param status queued or running; at the end succeeded, failed or cancelled
 * @param userIntegrationId whose records are replayed; null: everybody's
 * @param taskType of tasks: which; null: initial tasks
 * @param targetSchema of outputs: where content is rebuilt, beside the live table; null: in the live one
 * @param records of the topic: how many there are to read, as of its begin, and how many were read
 * @param results what became of those that the replay is about
 * @param etaSeconds how long the rest will take at the pace so far; absent where there is no pace yet
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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunError error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etaSeconds) {

    /** The columns that {@link #read} needs, of replay {@code r}. */
    static final String COLUMNS = """
        r.id, r.kind, r.status, r.user_integration_id, r.task_type, r.from_time, r.from_offset, r.target_schema, r.matched,
        r.rows_inserted, r.rows_updated, r.rows_unchanged, r.tasks_queued, r.skipped, r.error_code, r.error_message,
        r.created_at, r.started_at, r.finished_at,
        (select coalesce(sum(end_offset - first_offset), 0) from replay_position where replay_id = r.id) as total,
        (select coalesce(sum(least(next_offset, end_offset) - first_offset), 0) from replay_position
         where replay_id = r.id) as read
        """;

    /**
     * How far the topic was read; marks of transactions count as records.
     *
     * @param total 0 before it has begun
     */
    record Records(long total, long read) {}

    /**
     * What became of the outputs or tasks that matched.
     *
     * @param matched all of them
     * @param rowsUnchanged of outputs: the row says the same already, or something newer
     * @param tasksQueued of tasks: in runs of their own, with trigger replay
     * @param skipped whose run or account is gone, that were refused, or that stand on the topic twice
     */
    record Results(
            long matched, long rowsInserted, long rowsUpdated, long rowsUnchanged, long tasksQueued, long skipped) {}

    static Replay read(ResultSet row, Instant now) throws SQLException {
        var records = new Records(row.getLong("total"), row.getLong("read"));
        Instant startedAt = SqlTime.find(row, "started_at");
        Instant finishedAt = SqlTime.find(row, "finished_at");
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
                RunError.of(row.getString("error_code"), row.getString("error_message")),
                SqlTime.read(row, "created_at"),
                startedAt,
                finishedAt,
                finishedAt == null ? etaSeconds(records, startedAt, now) : null);
    }

    static @Nullable Long etaSeconds(Records records, @Nullable Instant startedAt, Instant now) {
        if (startedAt == null || records.read() == 0) {
            return null;
        }
        double secondsARecord = Math.max(0, Duration.between(startedAt, now).toMillis()) / 1000.0 / records.read();
        return Math.round(secondsARecord * (records.total() - records.read()));
    }
}
