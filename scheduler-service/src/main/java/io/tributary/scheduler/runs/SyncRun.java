package io.tributary.scheduler.runs;

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
 * One execution for a user integration, as answers have it.
 *
 * @param status queued or running; at the end succeeded, partial (some tasks failed), failed, cancelled or timed_out
 * @param trigger schedule, manual, backfill, replay, webhook or system
 * @param outputs items that tasks returned
 * @param outputsSaved of these, those that are in the table
 * @param throttledUntil the provider asked to wait until then
 * @param throttledReason stable code of why
 * @param etaSeconds how long the tasks known so far will take at the pace so far; absent where there is no pace yet
 */
record SyncRun(
        UUID id,
        UUID userIntegrationId,
        String integrationDomain,
        String syncType,
        String status,
        String trigger,
        Tasks tasks,
        long outputs,
        long outputsSaved,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant throttledUntil,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String throttledReason,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunError error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etaSeconds) {

    /** The columns that {@link #read} needs. */
    static final String COLUMNS = """
        id, sequence, user_integration_id, integration_domain, sync_type, status, trigger, spawned, completed, failed,
        outputs, outputs_saved, throttled_until, throttled_reason, error_code, error_message, created_at,
        started_at, finished_at
        """;

    /**
     * The tasks of a run.
     *
     * @param spawned follow-up tasks so far; the initial task is not counted
     * @param completed that ended well
     * @param failed that were set aside after their attempts
     * @param pending that are waiting or being executed
     */
    record Tasks(long spawned, long completed, long failed, long pending) {
        static Tasks of(long spawned, long completed, long failed) {
            return new Tasks(spawned, completed, failed, Math.max(0, spawned + 1 - completed - failed));
        }

        long ended() {
            return completed + failed;
        }
    }

    static SyncRun read(ResultSet row, Instant now) throws SQLException {
        var tasks = Tasks.of(row.getLong("spawned"), row.getLong("completed"), row.getLong("failed"));
        Instant startedAt = SqlTime.find(row, "started_at");
        Instant finishedAt = SqlTime.find(row, "finished_at");
        Instant throttledUntil = SqlTime.find(row, "throttled_until");
        return new SyncRun(
                row.getObject("id", UUID.class),
                row.getObject("user_integration_id", UUID.class),
                row.getString("integration_domain"),
                row.getString("sync_type"),
                row.getString("status"),
                row.getString("trigger"),
                tasks,
                row.getLong("outputs"),
                row.getLong("outputs_saved"),
                throttledUntil,
                row.getString("throttled_reason"),
                RunError.of(row.getString("error_code"), row.getString("error_message")),
                SqlTime.read(row, "created_at"),
                startedAt,
                finishedAt,
                finishedAt == null ? etaSeconds(tasks, startedAt, throttledUntil, now) : null);
    }

    static @Nullable Long etaSeconds(
            Tasks tasks, @Nullable Instant startedAt, @Nullable Instant throttledUntil, Instant now) {
        if (startedAt == null || tasks.ended() == 0) {
            return null;
        }
        double secondsATask = Math.max(0, Duration.between(startedAt, now).toMillis()) / 1000.0 / tasks.ended();
        long wait = throttledUntil == null
                ? 0
                : Math.max(0, Duration.between(now, throttledUntil).toSeconds());
        return wait + Math.round(secondsATask * tasks.pending());
    }
}
