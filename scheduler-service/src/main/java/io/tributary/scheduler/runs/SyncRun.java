package io.tributary.scheduler.runs;

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
 * One execution for a user integration, as responses show it.
 *
 * @param status queued or running; at the end succeeded, partial (some tasks failed), failed, cancelled or timed_out
 * @param trigger schedule, manual, backfill, replay, webhook or system
 * @param outputs number of items that the tasks returned
 * @param outputsSaved number of these items that are in the table
 * @param throttledUntil end of the wait that the provider requested
 * @param throttledReason stable code of the reason
 * @param lifecycle with an estimate for the tasks known so far
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
        @JsonUnwrapped Lifecycle lifecycle) {

    /**
     * The tasks of a run.
     *
     * @param spawned follow-up tasks so far; the initial task is not counted
     * @param completed tasks that succeeded
     * @param failed tasks that were dead-lettered after their attempts
     * @param pending tasks that wait or execute
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
                Lifecycle.read(row, now, tasks.ended(), tasks.pending(), throttledUntil));
    }
}
