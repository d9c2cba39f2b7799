package io.tributary.worker.engine;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import java.time.Duration;
import java.util.ArrayList;

/**
 * Ends the runs that take too long, and flags those in which nothing ends. A flagged run goes on: the flag says why it
 * waits, and goes with the next task that ends.
 */
final class WatchRuns {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Partition partition;
    private final EndRun endRun;
    private final EngineParts.Bounds bounds;
    private long nextMillis;

    WatchRuns(Partition partition, EndRun endRun, EngineParts.Bounds bounds) {
        this.partition = partition;
        this.endRun = endRun;
        this.bounds = bounds;
    }

    /** Looks at the runs, at most once a second. */
    void watch() {
        long now = partition.nowMillis();
        if (now < nextMillis) {
            return;
        }
        nextMillis = now + INTERVAL.toMillis();
        var late = new ArrayList<RunState>();
        for (RunState run : partition.runs()) {
            if (now - run.begunMillis() >= bounds.runDeadline().toMillis()) {
                late.add(run);
            } else if (!run.isStalled()
                    && now - run.progressedMillis() >= bounds.progressDeadline().toMillis()) {
                flag(run, now);
            }
        }
        late.forEach(this::timeOut);
    }

    private void flag(RunState run, long now) {
        Lane lane = partition.laneOf(run.userIntegrationId());
        run.stalled(new RunError(
                "polling.runStalled",
                "No task of the run has ended for " + bounds.progressDeadline().toSeconds() + " s: "
                        + lane.describe(now) + ".",
                "transient"));
        partition.changed(run);
    }

    private void timeOut(RunState run) {
        endRun.end(
                run,
                RunStatus.timed_out,
                new RunError(
                        "polling.runTimedOut",
                        "The run did not end within " + bounds.runDeadline().toSeconds()
                                + " s; what was left of it is not done, and counts as failed.",
                        "timedOut"));
    }
}
