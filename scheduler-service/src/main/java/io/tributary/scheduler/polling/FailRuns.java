package io.tributary.scheduler.polling;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends queued runs that can never be dispatched, so that they are seen rather than stuck.
 *
 * <p>The user integration keeps polling: it is due again at its usual time and shows the error until a run succeeds. Once
 * the missing plugin is deployed everything goes on by itself; had we stopped the polling, a person would have to start
 * every one of possibly thousands again.
 */
final class FailRuns {

    /** A run to end, and why. */
    record Failure(UUID runId, UUID userIntegrationId, String code, String message) {}

    private static final String LOCK_SCHEDULE =
            "select " + Schedule.COLUMNS + " from user_integration where id = :id for no key update";

    private static final String FIND_OWN_SCHEDULE = """
        select %s
        from sync_schedule s
        join sync_run r on r.user_integration_id = s.user_integration_id and r.sync_type = s.sync_type
        where r.id = :runId and r.own_schedule
        """.formatted(Schedule.OWN_COLUMNS);

    // Its one task, the initial one, counts as failed: so the sums of the run add up.
    private static final String FAIL = """
        update sync_run
        set status = 'failed', failed = 1, error_code = :code, error_message = :message, finished_at = :now
        where id = :id and dispatched_at is null and finished_at is null
        """;

    private static final String LOG_FAILURE = """
        insert into task_failure (run_id, task_id, user_integration_id, task_type, attempts, error_code, error_message,
                                  failed_at)
        values (:id, :id, :userIntegrationId, 'initial', 0, :code, :message, :now)
        on conflict do nothing
        """;

    private static final String SCHEDULE_NEXT = """
        update user_integration i
        set next_sync_at = case when r.own_schedule then next_sync_at
                                when sync_status = 'active' then :next::timestamptz end,
            error_code = :code, error_message = :message
        from sync_run r
        where i.id = :id and r.id = :runId and r.trigger not in ('backfill', 'replay', 'system')
        """;

    private static final String SCHEDULE_OWN_NEXT = """
        update sync_schedule s
        set next_sync_at = case when i.sync_status = 'active' then :next::timestamptz end
        from sync_run r
        join user_integration i on i.id = r.user_integration_id
        where r.id = :runId and r.own_schedule and r.trigger not in ('backfill', 'replay', 'system')
          and s.user_integration_id = r.user_integration_id and s.sync_type = r.sync_type
        """;

    private static final Logger log = LoggerFactory.getLogger(FailRuns.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Clock clock;

    FailRuns(JdbcClient jdbc, TransactionOperations transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Ends each of the runs, unless it was dispatched or ended in the meantime. */
    void run(List<Failure> failures) {
        failures.forEach(failure -> transaction.executeWithoutResult(_ -> fail(failure)));
    }

    private void fail(Failure failure) {
        // The user integration first, the run second: the order in which a deletion locks them.
        var schedule = jdbc.sql(LOCK_SCHEDULE)
                .param("id", failure.userIntegrationId())
                .query((row, _) -> Schedule.read(row))
                .optional();
        if (schedule.isEmpty()) {
            return; // deleted, and its runs with it
        }
        Instant now = clock.instant();
        if (end(failure, now)) {
            scheduleNext(failure, schedule.get().nextAfter(now));
            scheduleOwnNext(failure, now);
            log.warn(
                    "run failed before its dispatch code={} runId={} userIntegrationId={}",
                    failure.code(),
                    failure.runId(),
                    failure.userIntegrationId());
        }
    }

    private boolean end(Failure failure, Instant now) {
        int ended = statement(FAIL, failure)
                .param("id", failure.runId())
                .param("now", SqlTime.of(now))
                .update();
        if (ended == 1) {
            statement(LOG_FAILURE, failure)
                    .param("id", failure.runId())
                    .param("userIntegrationId", failure.userIntegrationId())
                    .param("now", SqlTime.of(now))
                    .update();
        }
        return ended == 1;
    }

    private void scheduleNext(Failure failure, Instant next) {
        statement(SCHEDULE_NEXT, failure)
                .param("id", failure.userIntegrationId())
                .param("runId", failure.runId())
                .param("next", SqlTime.of(next))
                .update();
    }

    private void scheduleOwnNext(Failure failure, Instant now) {
        jdbc.sql(FIND_OWN_SCHEDULE)
                .param("runId", failure.runId())
                .query((row, _) -> Schedule.read(row))
                .optional()
                .ifPresent(schedule -> jdbc.sql(SCHEDULE_OWN_NEXT)
                        .param("runId", failure.runId())
                        .param("next", SqlTime.of(schedule.nextAfter(now)))
                        .update());
    }

    private JdbcClient.StatementSpec statement(String sql, Failure failure) {
        return jdbc.sql(sql).param("code", failure.code()).param("message", failure.message());
    }
}
