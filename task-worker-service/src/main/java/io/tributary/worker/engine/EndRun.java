package io.tributary.worker.engine;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;

/**
 * Ends a run before its last task: interrupts executing tasks and drops waiting ones. Tasks in memory are dropped
 * immediately; tasks in the store only are dropped when they would be loaded, so that a million tasks take no longer
 * than one.
 */
record EndRun(LiveRuns runs, Lanes lanes, Attempts attempts) {

    /** Ends a run; does nothing when it is over already. */
    void end(RunState run, RunStatus status, RunError cause) {
        if (run.isOver()) {
            return;
        }
        run.end(status, cause);
        runs.changed(run);
        attempts.giveUpRun(run.runId());
        lanes.drop(run);
    }
}
