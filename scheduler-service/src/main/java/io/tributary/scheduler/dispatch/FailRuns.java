package io.tributary.scheduler.dispatch;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.RunTable;
import io.tributary.schemas.SyncStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends queued runs that can never be dispatched, so that people see them.
 *
 * <p>Polling of the user integration continues: it is due again at its usual time and shows the error until a run
 * succeeds. After the missing plugin is deployed, every account recovers without help; otherwise a person would have to
 * reactivate possibly thousands.
 */
@Component
public record FailRuns(
        JdbcClient jdbc,
        AccountTable accounts,
        RunTable runs,
        TransactionOperations transaction,
        ScheduleTable schedules,
        Clock clock) {

    /** A run to end, with its error. */
    record Failure(UUID runId, UUID userIntegrationId, String code, String message) {}

    private static final String LOG_FAILURE = """
        insert into task_failure (run_id, task_id, user_integration_id, task_type, attempts, error_code, error_message,
                                  failed_at)
        values (:id, :id, :userIntegrationId, 'initial', 0, :code, :message, :now)
        on conflict do nothing
        """;

    private static final Logger log = LoggerFactory.getLogger(FailRuns.class);

    /** Ends each run that was not dispatched or ended in the meantime. */
    void run(List<Failure> failures) {
        failures.forEach(failure -> transaction.executeWithoutResult(_ -> fail(failure)));
    }

    private void fail(Failure failure) {
        var status = accounts.lock(failure.userIntegrationId());
        if (status.isEmpty()) {
            return; // deleted, and its runs with it
        }
        Instant now = clock.instant();
        var ended = runs.fail(failure.runId(), failure.code(), failure.message(), now);
        if (ended.isEmpty()) {
            return; // dispatched or ended in the meantime
        }
        jdbc.sql(LOG_FAILURE)
                .param("id", failure.runId())
                .param("code", failure.code())
                .param("message", failure.message())
                .param("userIntegrationId", failure.userIntegrationId())
                .param("now", SqlTime.of(now))
                .update();
        if (ended.get().syncType() instanceof String syncType) {
            scheduleNext(failure, syncType, status.get() == SyncStatus.active, now);
        }
        log.warn(
                "polling.runFailed: run failed before its dispatch code={} runId={} userIntegrationId={}",
                failure.code(),
                failure.runId(),
                failure.userIntegrationId());
    }

    private void scheduleNext(Failure failure, String syncType, boolean active, Instant now) {
        UUID id = failure.userIntegrationId();
        accounts.showError(id, failure.code(), failure.message());
        schedules
                .lock(id, syncType)
                .ifPresent(schedule ->
                        schedules.setNext(List.of(new Next(id, syncType, active ? schedule.nextAfter(now) : null))));
    }
}
