package io.tributary.scheduler.runs;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.RunTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Cancels runs before their last task. The row of the run stores the request. Commands to the worker are repeated until
 * the run is over, because a command can arrive before the run's task. The worker ends the run, drops its waiting
 * tasks, and reports the end as usual: so the sums are right, and the schedule is due again as after any run.
 */
@Component
public record CancelRuns(
        RunTable runs,
        TransactionOperations transaction,
        ReadRuns readRuns,
        CommandWorkers commandWorkers,
        Clock clock) {

    /** Most runs that one purge cancels. */
    public static final int MAX_PURGED = 10_000;

    /** Most commands of one statement. */
    private static final int BATCH = 500;

    /** Time between two commands about the same run. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(CancelRuns.class);

    /**
     * Requests the end of a run; a run that is over stays as it is.
     *
     * @throws ApiException when there is no such run
     */
    public void cancel(UUID id, Caller caller) {
        readRuns.get(id, caller);
        transaction.executeWithoutResult(_ -> {
            runs.requestCancel(id, clock.instant(), caller);
            sendBatch();
        });
    }

    /**
     * Requests the end of every live run of the caller, or of all users for an operator.
     *
     * @param userIntegrationId only its runs; null: all
     * @param domain only runs of this platform; null: all
     * @return number of these runs, {@value #MAX_PURGED} at most: then there may be more
     */
    public int purge(@Nullable UUID userIntegrationId, @Nullable String domain, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            int requested = runs.requestCancels(userIntegrationId, domain, MAX_PURGED, clock.instant(), caller);
            sendBatch();
            return requested;
        }));
    }

    /**
     * Commands the workers to end the cancelled runs that are not over yet. A failure is logged; the next call goes on.
     */
    public void sendCommands() {
        Drain.run(
                BATCH,
                () -> Objects.requireNonNull(transaction.execute(_ -> sendBatch())),
                log,
                "polling.commandsDelayed");
    }

    private int sendBatch() {
        Instant now = clock.instant();
        int commanded = runs.commandCancelled(now, now.minus(AGAIN), BATCH);
        if (commanded > 0) {
            commandWorkers.sendSoon();
        }
        return commanded;
    }
}
