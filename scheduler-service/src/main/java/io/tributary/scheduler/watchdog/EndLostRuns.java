package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.schedules.RestartSchedules;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.LostRuns;
import io.tributary.scheduler.tables.LostRuns.Lost;
import io.tributary.schemas.SyncStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends runs that nobody works on, and schedules their accounts again: immediately after one lost run, later after
 * further failures in a row. Also makes schedules due that no run will make due. Safe with several replicas.
 */
@Component
record EndLostRuns(
        LostRuns lostRuns,
        AccountTable accounts,
        TransactionOperations transaction,
        RestartSchedules schedules,
        WatchdogProperties properties,
        Clock clock) {

    /** Code of a run that no worker knows. */
    static final String LOST = "polling.runLost";

    /** Code of a run that lives for longer than a worker allows. */
    static final String TIMED_OUT = "polling.runTimedOut";

    /** Most runs of one call; the next call goes on. */
    private static final int MOST = 200;

    private static final Logger log = LoggerFactory.getLogger(EndLostRuns.class);

    void run() {
        Instant now = clock.instant();
        var lifetime = properties.runDeadline().plus(properties.runMargin());
        for (Lost lost : lostRuns.find(now, properties.silentAfter(), lifetime, MOST)) {
            transaction.executeWithoutResult(_ -> end(lost, now));
        }
        lostRuns.probe(now, properties.silentAfter());
        int revived = schedules.revive(now);
        if (revived > 0) {
            log.warn("polling.scheduleLost: schedules were never due again, they are due now schedules={}", revived);
        }
    }

    private void end(Lost lost, Instant now) {
        var status = accounts.lock(lost.userIntegrationId());
        if (status.isEmpty()) {
            return; // deleted, and its runs with it
        }
        var ended = lost.expired()
                ? lostRuns.end(
                        lost.id(),
                        "timed_out",
                        TIMED_OUT,
                        "The run was not over after " + properties.runDeadline().toHours()
                                + " hours, and no worker ended it. Its pending tasks count as failed.",
                        now)
                : lostRuns.end(
                        lost.id(),
                        "failed",
                        LOST,
                        "No worker knows the run any more, or its reports do not arrive: a later run of the account was"
                                + " reported and this one was not. Its pending tasks count as failed. See the dead"
                                + " letters of the account, and the logs of worker and sink.",
                        now);
        if (ended.isEmpty()) {
            return;
        }
        log.error(
                "watchdog.runEnded: run ended by the watchdog code={} runId={} userIntegrationId={}",
                lost.expired() ? TIMED_OUT : LOST,
                lost.id(),
                lost.userIntegrationId());
        if (ended.get().syncType() instanceof String syncType) {
            schedules.afterLoss(
                    lost.userIntegrationId(),
                    syncType,
                    status.get() == SyncStatus.active,
                    now,
                    RandomGenerator.getDefault());
        }
    }
}
