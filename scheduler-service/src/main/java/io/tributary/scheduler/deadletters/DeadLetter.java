package io.tributary.scheduler.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.RunError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dead-lettered task or output, as responses show it. Its content is not shown: it may be large, and private.
 *
 * @param kind task or output; record if it could not be read as either
 * @param fingerprint of the cause: dead letters of the same cause have the same fingerprint
 * @param attempts number of attempts
 * @param redriven state of its redrive; absent if nobody requested one
 */
record DeadLetter(
        UUID id,
        String kind,
        @JsonUnwrapped Origin origin,
        RunError error,
        String fingerprint,
        int attempts,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer httpStatus,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Redriven redriven) {

    /** The columns that {@link #read} needs, of dead letter {@code d}. */
    static final String COLUMNS = """
        d.id, d.user_integration_id, d.integration_domain, d.task_type, d.run_id, d.task_id, d.error_code,
        d.error_message, d.fingerprint, d.attempts, d.http_status, d.created_at, d.redrive_asked_at, d.redriven_at,
        d.redriven_by_run, d.redrive_error
        """;

    /** Where it comes from, as far as it could be read. */
    record Origin(
            @Nullable UUID userIntegrationId,
            @Nullable String integrationDomain,
            @Nullable String taskType,
            @Nullable UUID runId,
            @Nullable UUID taskId) {}

    /**
     * A redrive.
     *
     * @param status asked, done, or refused; a refused one can be requested again
     * @param at time of the redrive
     * @param runId the run that executes the task again
     * @param error reason of a refusal
     */
    record Redriven(
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant at,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            UUID runId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String error) {}

    static DeadLetter read(ResultSet row) throws SQLException {
        String taskType = row.getString("task_type");
        return new DeadLetter(
                row.getObject("id", UUID.class),
                taskType != null ? "task" : row.getObject("task_id") != null ? "output" : "record",
                new Origin(
                        row.getObject("user_integration_id", UUID.class),
                        row.getString("integration_domain"),
                        taskType,
                        row.getObject("run_id", UUID.class),
                        row.getObject("task_id", UUID.class)),
                new RunError(row.getString("error_code"), row.getString("error_message")),
                row.getString("fingerprint"),
                row.getInt("attempts"),
                row.getObject("http_status", Integer.class),
                SqlTime.read(row, "created_at"),
                redriven(row));
    }

    private static @Nullable Redriven redriven(ResultSet row) throws SQLException {
        Instant at = SqlTime.find(row, "redriven_at");
        if (at != null) {
            return new Redriven("done", at, row.getObject("redriven_by_run", UUID.class), null);
        }
        String error = row.getString("redrive_error");
        if (row.getObject("redrive_asked_at") != null) {
            return new Redriven("asked", null, null, null);
        }
        return error == null ? null : new Redriven("refused", null, null, error);
    }
}
