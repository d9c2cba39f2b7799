package io.tributary.scheduler.pauses;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.scheduler.tables.RunTable;
import java.time.Clock;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Pauses and resumes one backfill, while other runs of its user integration continue. Backfills of a user integration
 * share a queue: all of them wait while one is paused. The pause ends with the run.
 */
@Component
record PauseBackfill(
        RunTable runs,
        RunQueries queries,
        PauseTable pauses,
        TransactionOperations transaction,
        CommandWorkers commandWorkers,
        Clock clock) {

    /** @throws ApiException when there is no such run, or it is not a live backfill */
    void pause(UUID run, Caller caller) {
        requireBackfill(run, caller);
        transaction.executeWithoutResult(_ -> runs.lockBackfill(run, caller).ifPresent(account -> {
            pauses.pauseBackfill(run, account, caller, clock.instant());
            commandWorkers.pauseRun(account, run);
        }));
    }

    /** @throws ApiException as {@link #pause}, and when an operator paused it and the caller is not an operator */
    void resume(UUID run, Caller caller) {
        requireBackfill(run, caller);
        transaction.executeWithoutResult(_ -> runs.lockBackfill(run, caller).ifPresent(account -> {
            if (!pauses.resumeBackfill(run, caller)) {
                throw Pauses.pausedByOperator();
            }
            commandWorkers.resumeRun(account, run);
        }));
    }

    private void requireBackfill(UUID run, Caller caller) {
        if (!queries.isLiveBackfill(run, caller).orElseThrow(ApiException::notFound)) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "polling.notABackfill",
                    "Only a live backfill can be paused on its own. Pause the user integration instead."));
        }
    }
}
