package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.runs.RunProof.Sums;
import io.tributary.scheduler.security.Caller;
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
class ReadRuns {

    private static final String GET = "select " + SyncRun.COLUMNS + " from sync_run where id = :id and %s";

    private static final String LIST = "select " + SyncRun.COLUMNS
            + " from sync_run where sequence < :before and %s and %s and %s order by sequence desc limit :limit";

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

    /** A run, with what orders the list. */
    private record Numbered(long sequence, SyncRun run) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    ReadRuns(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @throws ApiException when there is no such run */
    SyncRun get(UUID id, Caller caller) {
        return jdbc.sql(GET.formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> SyncRun.read(row, clock.instant()))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /**
     * Newest first; those of one user integration, or of all that the caller may see when it is null.
     *
     * @param trigger what started them; null: anything but the system's own, which sync nothing
     */
    Page<SyncRun> list(
            @Nullable UUID userIntegrationId,
            @Nullable String trigger,
            int limit,
            @Nullable String cursor,
            Caller caller) {
        Page.checkLimit(limit);
        checkTrigger(trigger);
        String which = userIntegrationId == null ? "true" : "user_integration_id = :userIntegrationId";
        String why = trigger == null ? SystemRuns.ASKED_FOR : "trigger = :trigger";
        var found = jdbc.sql(LIST.formatted(caller.ownRows("user_id"), which, why))
                .param("before", Cursor.RUNS.number(cursor, Long.MAX_VALUE))
                .param(Caller.PARAMETER, caller.userId())
                .param("userIntegrationId", userIntegrationId)
                .param("trigger", trigger)
                .param("limit", limit + 1)
                .query((row, _) -> new Numbered(row.getLong("sequence"), SyncRun.read(row, clock.instant())))
                .list();
        var page = Page.of(found, limit, last -> Cursor.RUNS.after(last.sequence()));
        return new Page<>(page.items().stream().map(Numbered::run).toList(), page.nextCursor());
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
        return jdbc.sql("""
                select status, finished_at is not null as finished, spawned, completed, failed, outputs, outputs_saved,
                       outputs_set_aside, rows_inserted, rows_updated, rows_unchanged, rows_deleted,
                       (select count(*) from user_integration_content c
                        where c.user_integration_id = r.user_integration_id and c.run_id = r.id) as rows_written
                from sync_run r
                where id = :id and %s
                """.formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> RunProof.of(sums(row), row.getLong("rows_written")))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** In the order in which they were noted. */
    Page<TaskFailureEntry> failures(UUID id, int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        get(id, caller);
        var found = jdbc.sql(FAILURES)
                .param("id", id)
                .param("after", Cursor.FAILURES.number(cursor, 0))
                .param("limit", limit + 1)
                .query((row, _) -> failure(row))
                .list();
        return Page.of(found, limit, last -> Cursor.FAILURES.after(last.id()));
    }

    private static Sums sums(ResultSet row) throws SQLException {
        return new Sums(
                row.getString("status"),
                row.getBoolean("finished"),
                row.getLong("spawned"),
                row.getLong("completed"),
                row.getLong("failed"),
                row.getLong("outputs"),
                row.getLong("outputs_saved"),
                row.getLong("outputs_set_aside"),
                row.getLong("rows_inserted"),
                row.getLong("rows_updated"),
                row.getLong("rows_unchanged"),
                row.getLong("rows_deleted"));
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
