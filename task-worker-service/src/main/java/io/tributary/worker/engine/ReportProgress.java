package io.tributary.worker.engine;

import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.RunProgress;
import io.tributary.worker.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Saves the runs that changed in a turn and tells the sink where they stand, and how many of their tasks execute: at once
 * when a run begins or is over, now and then in between. What is told of a run is sent after the outputs it counts, to the same partition.
 */
final class ReportProgress {

    /** Time between two reports of a run under way. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private final Partition partition;
    private final Attempts attempts;
    private final Send send;
    private final Set<RunState> untold = new LinkedHashSet<>();
    private final Map<UUID, Long> toldAt = new HashMap<>();

    ReportProgress(Partition partition, Attempts attempts, Send send) {
        this.partition = partition;
        this.attempts = attempts;
        this.send = send;
        partition.runs().forEach(this::tellWhatExecutes); // of another worker, which executes no more
    }

    void report() {
        long now = partition.nowMillis();
        partition.saveChanged().forEach(untold::add);
        attempts.takeRecounted(this::tellWhatExecutes);
        untold.removeIf(run -> {
            boolean due = run.isOver() || now - toldAt.getOrDefault(run.runId(), 0L) >= INTERVAL.toMillis();
            if (due) {
                tell(run, now);
            }
            return due;
        });
    }

    private void tellWhatExecutes(RunState run) {
        if (partition.isLive(run.runId()) && run.executesOtherThanTold()) {
            untold.add(run);
        }
    }

    private void tell(RunState run, long now) {
        int executing = run.executing();
        if (run.executesOtherThanTold()) {
            run.tellExecuting(executing);
            if (!run.isOver()) {
                partition.save(run); // whoever takes the partition over knows what the sink was told
            }
        }
        if (run.isOver()) {
            toldAt.remove(run.runId());
        } else {
            toldAt.put(run.runId(), now);
        }
        Lane lane = partition.lanes.find(run.userIntegrationId());
        LaneState state = lane == null ? LaneState.FLOWING : lane.state();
        boolean throttled = !run.isOver() && state.parkedUntilMillis() > now;
        Optional<Manifest.SyncType> syncType = run.isOver() ? partition.syncTypeOf(run) : Optional.empty();
        send.progress(
                run.userIntegrationId(),
                RunProgress.newBuilder()
                        .setRunId(run.runId())
                        .setUserIntegrationId(run.userIntegrationId())
                        .setSpawned(run.spawned())
                        .setCompleted(run.completed())
                        .setFailed(run.failed())
                        .setOutputs(run.outputs())
                        .setExecuting(executing)
                        .setThrottledUntil(throttled ? Instant.ofEpochMilli(state.parkedUntilMillis()) : null)
                        .setThrottledReason(throttled ? state.reason() : null)
                        .setStatus(run.status())
                        .setSyncState(run.isOver() ? Json.write(run.state()) : null)
                        .setAdvancesPastFailures(syncType.map(Manifest.SyncType::advancesPastFailures)
                                .orElse(false))
                        .setListed(run.everythingListed())
                        .setMaxDeletedShare(
                                syncType.map(Manifest.SyncType::maxDeletedShare).orElse(null))
                        .setError(run.error())
                        .setAccount(run.isOver() ? run.account() : null)
                        .setAt(Instant.ofEpochMilli(now))
                        .build());
    }
}
