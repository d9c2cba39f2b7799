package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.runs.RunProof.RowCounts;
import io.tributary.scheduler.runs.RunProof.Sums;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.scheduler.tables.RunQueries.Which;
import io.tributary.schemas.RunSums;
import io.tributary.schemas.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the sync runs that the caller may see, their proofs and their logs. */
@Component
record ReadRuns(JdbcClient jdbc, RunQueries runs, Clock clock) {

    private static final List<String> TRIGGERS = Stream.of(Trigger.values())
            .filter(trigger -> trigger != Trigger.unknown)
            .map(Trigger::name)
            .toList();

    private static final String FAILURES = """
        select f.id, f.task_id, f.task_type, f.attempts, f.error_code, f.error_message, f.http_status, f.failed_at
        from task_failure f
        where f.run_id = :id and f.id > :after
        order by f.id
        limit :limit
        """;

    /** A run, with its position in the list. */
    private record Numbered(long sequence, SyncRun run) {}

    /** @throws ApiException when there is no such run */
    SyncRun get(UUID id, Caller caller) {
        return runs.find(id, caller, (row, _) -> SyncRun.read(row, clock.instant()))
                .orElseThrow(ApiException::notFound);
    }

    /**
     * Newest first; runs of one user integration, or, when it is null, of all that the caller may see.
     *
     * @param trigger only runs of this trigger; null: all but system runs, which sync nothing
     */
    Page<SyncRun> list(@Nullable UUID userIntegrationId, @Nullable String trigger, PageRequest page, Caller caller) {
        page.check();
        checkTrigger(trigger);
        var which = new Which(userIntegrationId, trigger, page.afterNumber(Cursor.RUNS, Long.MAX_VALUE), page.rows());
        var found = runs.list(
                which, caller, (row, _) -> new Numbered(row.getLong("sequence"), SyncRun.read(row, clock.instant())));
        var numbered = page.of(found, Cursor.RUNS, Numbered::sequence);
        return new Page<>(numbered.items().stream().map(Numbered::run).toList(), numbered.nextCursor());
    }

    private static void checkTrigger(@Nullable String trigger) {
        var violations = new Violations();
        violations.check(
                trigger == null || TRIGGERS.contains(trigger),
                "trigger",
                "must be one of " + String.join(", ", TRIGGERS));
        violations.throwIfAny();
    }

    /** @throws ApiException when there is no such run */
    RunProof proof(UUID id, Caller caller) {
        return runs.proof(id, caller, (row, _) -> RunProof.of(sums(row), row.getLong("rows_written")))
                .orElseThrow(ApiException::notFound);
    }

    /** In the order of their entries. */
    Page<TaskFailureEntry> failures(UUID id, PageRequest page, Caller caller) {
        page.check();
        get(id, caller);
        var found = jdbc.sql(FAILURES)
                .param("id", id)
                .param("after", page.afterNumber(Cursor.FAILURES, 0))
                .param("limit", page.rows())
                .query((row, _) -> failure(row))
                .list();
        return page.of(found, Cursor.FAILURES, TaskFailureEntry::id);
    }

    private static Sums sums(ResultSet row) throws SQLException {
        return new Sums(
                row.getString("status"),
                row.getBoolean("finished"),
                new RunSums(
                        row.getLong("spawned"),
                        row.getLong("completed"),
                        row.getLong("failed"),
                        row.getLong("outputs"),
                        row.getLong("outputs_saved")),
                row.getLong("outputs_dead_lettered"),
                new RowCounts(
                        row.getLong("rows_inserted"),
                        row.getLong("rows_updated"),
                        row.getLong("rows_unchanged"),
                        row.getLong("rows_deleted")));
    }

    private static TaskFailureEntry failure(ResultSet row) throws SQLException {
        return new TaskFailureEntry(
                row.getLong("id"),
                row.getObject("task_id", UUID.class),
                row.getString("task_type"),
                row.getInt("attempts"),
                new RunError(row.getString("error_code"), row.getString("error_message")),
                row.getObject("http_status", Integer.class),
                SqlTime.read(row, "failed_at"));
    }
}
