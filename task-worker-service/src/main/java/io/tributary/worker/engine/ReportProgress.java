package io.tributary.worker.engine;

import io.tributary.schemas.RunProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Saves the runs that changed in a turn and reports their progress to the sink, with how many of their tasks execute:
 * immediately when a run begins or is over, periodically in between. A report is sent after the outputs it counts, to
 * the same partition.
 */
final class ReportProgress {

    /** Time between two reports of a run under way. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private final LiveRuns runs;
    private final Lanes lanes;
    private final Attempts attempts;
    private final RecordSender sender;
    private final EngineConfig config;
    /** Runs with a report to come, each once in the queue; a run that ended in the meantime is in the queue only. */
    private final Set<RunState> unreported = new HashSet<>();

    private final DueQueue<RunState> due = new DueQueue<>();
    private final Map<UUID, Long> reportedAtMillis = new HashMap<>();

    ReportProgress(LiveRuns runs, Lanes lanes, Attempts attempts, RecordSender sender, EngineConfig config) {
        this.runs = runs;
        this.lanes = lanes;
        this.attempts = attempts;
        this.sender = sender;
        this.config = config;
        runs.all().forEach(this::reportExecuting); // of another worker, which no longer executes them
    }

    /** Costs as much as runs changed and reports are due, however many runs are under way. */
    void report() {
        long now = config.nowMillis();
        for (RunState run : runs.saveChanged()) {
            if (run.isOver()) {
                unreported.remove(run);
                lanes.forgetPauseOf(run);
                report(run, now);
            } else {
                reportWhenDue(run);
            }
        }
        attempts.takeRecounted(this::reportExecuting);
        for (RunState run = due.poll(now); run != null; run = due.poll(now)) {
            if (unreported.remove(run)) {
                report(run, now);
            }
        }
    }

    private void reportExecuting(RunState run) {
        if (runs.contain(run.runId()) && run.executesOtherThanReported()) {
            reportWhenDue(run);
        }
    }

    private void reportWhenDue(RunState run) {
        if (unreported.add(run)) {
            due.add(reportedAtMillis.getOrDefault(run.runId(), 0L) + INTERVAL.toMillis(), run);
        }
    }

    /** When the next report is due; {@code Long.MAX_VALUE}: none is. */
    long nextDueMillis() {
        return due.nextMillis();
    }

    /** Number of reports that were looked at before they were due or sent: the cost of reporting. */
    long looks() {
        return due.taken();
    }

    private void report(RunState run, long now) {
        int executing = run.executing();
        if (run.executesOtherThanReported()) {
            run.reportedExecuting(executing);
            if (!run.isOver()) {
                runs.save(run); // the next owner of the partition needs the reported number
            }
        }
        var progress = RunProgress.newBuilder()
                .setRunId(run.runId())
                .setUserIntegrationId(run.userIntegrationId())
                .setSpawned(run.sums().spawned())
                .setCompleted(run.sums().completed())
                .setFailed(run.sums().failed())
                .setOutputs(run.sums().outputs())
                .setExecuting(executing)
                .setStatus(run.status())
                .setError(run.error())
                .setAt(Instant.ofEpochMilli(now));
        if (run.isOver()) {
            reportedAtMillis.remove(run.runId());
            addEnd(run, progress);
        } else {
            reportedAtMillis.put(run.runId(), now);
            addWait(run, progress, now);
        }
        sender.progress(run.userIntegrationId(), progress.build());
    }

    private void addWait(RunState run, RunProgress.Builder progress, long now) {
        Lane lane = lanes.find(run.userIntegrationId());
        LaneState state = lane == null ? LaneState.FLOWING : lane.state();
        if (state.throttledUntilMillis() > now) {
            progress.setThrottledUntil(Instant.ofEpochMilli(state.throttledUntilMillis()))
                    .setThrottledReason(state.reason());
        } else if (run.executing() == 0) {
            // A lane without a task that is ready is forgotten.
            Wait wait =
                    lane == null ? Wait.forRetry(run.retryAtMillis(), now) : lane.waitsFor(run.retryAtMillis(), now);
            if (wait != null) {
                progress.setWaitsFor(wait.reason())
                        .setWaitsUntil(wait.untilMillis() == 0 ? null : Instant.ofEpochMilli(wait.untilMillis()));
            }
        }
    }

    private void addEnd(RunState run, RunProgress.Builder progress) {
        progress.setSyncState(run.stateJson()).setListed(run.everythingListed()).setAccount(run.account());
        config.execution()
                .syncTypeOf(run.domain(), run.syncType())
                .ifPresent(syncType -> progress.setAdvancesPastFailures(syncType.advancesPastFailures())
                        .setMaxDeletedShare(syncType.maxDeletedShare()));
    }
}
