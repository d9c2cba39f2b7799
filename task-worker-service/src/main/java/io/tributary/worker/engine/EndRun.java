package io.tributary.worker.engine;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;

/**
 * Ends a run before its last task: what is executing is interrupted, what waits is dropped. The tasks in memory go at
 * once; those that are in the store only go when they would be loaded, so that this takes as long for a million of
 * them as for one.
 */
final class EndRun {

    private final Partition partition;
    private final Attempts attempts;

    EndRun(Partition partition, Attempts attempts) {
        this.partition = partition;
        this.attempts = attempts;
    }

    /** Ends a run; does nothing when it is over already. */
    void end(RunState run, RunStatus status, RunError cause) {
        if (run.isOver()) {
            return;
        }
        run.end(status, cause);
        partition.changed(run);
        attempts.giveUpRun(run.runId());
        Lane lane = partition.laneOf(run.userIntegrationId());
        lane.drop(run.runId(), partition.store);
        partition.lanes.attend(lane);
    }
}
