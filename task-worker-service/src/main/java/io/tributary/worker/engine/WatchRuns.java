package io.tributary.worker.engine;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs that take too long, and flags runs without progress. A flagged run continues: the flag has the reason of
 * its wait, and the end of its next task removes the flag.
 */
final class WatchRuns {

    private static final Logger log = LoggerFactory.getLogger(WatchRuns.class);

    private final LiveRuns runs;
    private final Lanes lanes;
    private final EndRun endRun;
    private final EngineConfig.Bounds bounds;
    /** Each live run once, at the time of its next deadline. */
    private final DueQueue<RunState> next = new DueQueue<>();

    WatchRuns(LiveRuns runs, Lanes lanes, EndRun endRun, EngineConfig.Bounds bounds) {
        this.runs = runs;
        this.lanes = lanes;
        this.endRun = endRun;
        this.bounds = bounds;
    }

    /** Looks at the runs with a deadline that may have passed. */
    void watch(long now) {
        runs.takeBegun(run -> next.add(nextLook(run, now), run));
        for (RunState run = next.poll(now); run != null; run = next.poll(now)) {
            if (runs.find(run.runId()) != run) {
                continue; // it has ended
            }
            if (now - run.begunMillis() >= bounds.runDeadline().toMillis()) {
                timeOut(run);
                continue;
            }
            if (!run.isStalled()
                    && now - run.progressedMillis() >= bounds.progressDeadline().toMillis()) {
                flag(run, now);
            }
            next.add(nextLook(run, now), run);
        }
    }

    /** Progress since the last look moves the deadline: the run is looked at then, and waits on. */
    private long nextLook(RunState run, long now) {
        long since = run.isStalled() ? now : run.progressedMillis();
        return Math.min(
                run.begunMillis() + bounds.runDeadline().toMillis(),
                since + bounds.progressDeadline().toMillis());
    }

    /** When a run has to be looked at next; {@code Long.MAX_VALUE}: there is none. */
    long nextDueMillis() {
        return next.nextMillis();
    }

    /** Number of looks at a run so far: the cost of watching. */
    long looks() {
        return next.taken();
    }

    private void flag(RunState run, long now) {
        Lane lane = lanes.of(run.userIntegrationId());
        resumeIfTheCommandWasLost(lane, run);
        run.stalled(new RunError(
                "polling.runStalled",
                "No task of the run has ended for " + bounds.progressDeadline().toSeconds() + " s: "
                        + lane.describe(now) + ".",
                "transient"));
        runs.changed(run);
    }

    /** A worker that was away for longer than commands are kept has the pause in its store and not its end. */
    private void resumeIfTheCommandWasLost(Lane lane, RunState run) {
        if (lane.state().missedResumeBefore(run.begunMillis())) {
            log.warn(
                    "worker.resumeMissed: a run began long after the pause of its user integration, which is over"
                            + " userIntegrationId={} runId={}",
                    run.userIntegrationId(),
                    run.runId());
            lanes.become(lane, lane.state().resumed());
        }
    }

    private void timeOut(RunState run) {
        endRun.end(
                run,
                RunStatus.timed_out,
                new RunError(
                        "polling.runTimedOut",
                        "The run did not end within " + bounds.runDeadline().toSeconds()
                                + " s; its remaining tasks were dropped, and count as failed.",
                        "timedOut"));
    }
}
