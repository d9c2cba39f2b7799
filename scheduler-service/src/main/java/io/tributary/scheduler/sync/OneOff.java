package io.tributary.scheduler.sync;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One task that someone asked for, as answers have it.
 *
 * @param type one of the task types of its platform
 * @param payload as Postgres has it, which is JSON
 * @param runAt when it is to start; it starts then or, where the account's last one-off task still executes, after that
 * @param status waiting, started or cancelled
 * @param runId the run that executes it; null: it has not started
 */
record OneOff(
        UUID id,
        UUID userIntegrationId,
        String integrationDomain,
        String type,
        @JsonRawValue @Schema(implementation = Object.class) String payload,
        Instant runAt,
        String status,
        @Nullable UUID runId,
        Instant createdAt,
        @Nullable Instant cancelledAt) {

    /** The columns that {@link #read} needs. */
    static final String COLUMNS = """
        id, user_integration_id, integration_domain, task_type, payload::text as payload, run_at, run_id, created_at,
        cancelled_at
        """;

    static OneOff read(ResultSet row) throws SQLException {
        UUID runId = row.getObject("run_id", UUID.class);
        Instant cancelledAt = SqlTime.find(row, "cancelled_at");
        return new OneOff(
                row.getObject("id", UUID.class),
                row.getObject("user_integration_id", UUID.class),
                row.getString("integration_domain"),
                row.getString("task_type"),
                row.getString("payload"),
                SqlTime.read(row, "run_at"),
                cancelledAt != null ? "cancelled" : runId != null ? "started" : "waiting",
                runId,
                SqlTime.read(row, "created_at"),
                cancelledAt);
    }
}
