package io.tributary.scheduler.sync;

import io.tributary.scheduler.runs.QueueRun;
import io.tributary.scheduler.runs.QueueRun.Queued;
import io.tributary.scheduler.runs.StartRuns;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Starts a run for each due one-off task, in one transaction. The run has the id of its one-off task, so that no task
 * starts twice; replicas skip the rows that another one has locked.
 */
@Component
public record StartOneOffs(OneOffTable oneOffs, QueueRun queueRun, StartRuns startRuns) {

    /** Most one-off tasks that one transaction starts. */
    private static final int BATCH = 200;

    /** Starts the due one-off tasks. */
    public void run() {
        startRuns.inBatches("polling.cycleFailed", this::queueBatch);
    }

    private Collection<UUID> queueBatch(Instant now) {
        var due = oneOffs.lockDue(BATCH, now);
        // Of two one-off tasks of a user integration, the second one waits for the first.
        var started = queueRun.all(due, now).stream().map(Queued::runId).toList();
        oneOffs.markStarted(started);
        return started;
    }
}
