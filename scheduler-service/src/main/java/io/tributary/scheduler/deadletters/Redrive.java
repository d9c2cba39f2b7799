package io.tributary.scheduler.deadletters;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.runs.RunTasksAgain;
import io.tributary.scheduler.runs.RunTasksAgain.Again;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Redrives dead letters, each once. Tasks go into new runs of trigger {@code replay}: one transaction writes the row of
 * a run and marks its dead letters, and the run executes under the limits of its account like any other. Outputs are
 * marked for the sink, which applies each of them in one transaction with the result. System tasks are left out.
 */
@Component
record Redrive(
        DeadLetterTable letters,
        TransactionOperations transaction,
        RunTasksAgain runTasksAgain,
        Outbox outbox,
        Clock clock) {

    /** Most dead letters of one transaction. */
    private static final int BATCH = 1_000;

    /**
     * The result of a request to redrive.
     *
     * @param tasks number of tasks, queued in new runs
     * @param outputs number of outputs that the sink will apply again; each dead letter shows its result
     * @param runIds of the tasks
     */
    @Schema(name = "RedriveAnswer")
    record Redriven(long tasks, long outputs, List<UUID> runIds) {}

    /** A repeated or concurrent request skips dead letters that were redriven before. */
    Redriven all(WhichLetters which, Caller caller) {
        which.check();
        long outputs = letters.requestOutputs(which, caller, clock.instant());
        long tasks = 0;
        var runIds = new ArrayList<UUID>();
        for (long redriven = BATCH; redriven == BATCH; ) {
            redriven = Objects.requireNonNull(transaction.execute(_ -> tasks(which, caller, runIds)));
            tasks += redriven;
        }
        if (!runIds.isEmpty()) {
            outbox.dispatchSoon(runIds);
        }
        return new Redriven(tasks, outputs, runIds);
    }

    private long tasks(WhichLetters which, Caller caller, List<UUID> runIds) {
        List<Again<UUID>> tasks = letters.lockTasks(which, caller, BATCH);
        Instant now = clock.instant();
        runTasksAgain.queue(tasks, now).forEach((run, redriven) -> {
            letters.markRedriven(redriven, run, now);
            runIds.add(run);
        });
        return tasks.size();
    }
}
