package io.tributary.worker.engine;

/**
 * Starts waiting tasks, one of each tenant in turn and of each of its lanes in turn, as far as the limits of the lanes,
 * of the worker and the shares of the tenants allow.
 */
final class DispatchTasks {

    /** Time between two looks at whether threads that were given up have come back. */
    private static final long THREADS_COME_BACK_MILLIS = 250;

    private final Partition partition;
    private final LiveRuns runs;
    private final Lanes lanes;
    private final LaneQueue queue;
    private final Attempts attempts;
    private final EngineConfig config;
    private Pauses knownPauses;

    DispatchTasks(Partition partition, Attempts attempts, EngineConfig config) {
        this.partition = partition;
        this.runs = partition.runs();
        this.lanes = partition.lanes();
        this.queue = lanes.queue();
        this.attempts = attempts;
        this.config = config;
        this.knownPauses = config.pauses().get();
    }

    void dispatch() {
        long now = config.nowMillis();
        attendWhereAPauseEnded();
        queue.wake(now, lanes::find);
        queue.admit(now);
        for (Lane lane = queue.next(attempts::haveRoom); lane != null; lane = queue.next(attempts::haveRoom)) {
            serve(lane, now);
        }
        attempts.othersWait(queue.hasNext() || partition.marks().areSet());
    }

    private void attendWhereAPauseEnded() {
        Pauses pauses = config.pauses().get();
        if (pauses != knownPauses) {
            knownPauses = pauses;
            lanes.attendAll();
        }
    }

    private void serve(Lane lane, long now) {
        liftThrottling(lane, now);
        lanes.refill(lane, runs::contain);
        switch (lane.take(now)) {
            case Turn.Taken taken -> {
                partition.marks().start(lane, taken, partition, attempts);
                queue.attend(lane);
            }
            case Turn.Throttled(long until) -> queue.wakeAt(until, lane);
            case Turn.NeedsRefill() -> queue.wakeAt(now + 1, lane);
            case Turn.ThrottledByLimiter waits -> throttle(lane, waits);
            case Turn.WaitsForRate(long until) -> queue.wakeAt(Math.max(until, now + 1), lane);
            case Turn.WaitsForSharedRate() -> queue.hold(lane);
            case Turn.WaitsForBudget(long until) -> queue.wakeAt(Math.max(until, now + 1), lane);
            case Turn.WaitsForThreads() -> queue.wakeAt(now + THREADS_COME_BACK_MILLIS, lane);
            case Turn.Nothing() -> {
                // The event that gives the lane work also attends it.
            }
        }
    }

    private void liftThrottling(Lane lane, long now) {
        LaneState state = lane.state();
        LaneState lifted = state.withoutThrottlingUntil(now);
        if (lifted != state) {
            lanes.become(lane, lifted);
        }
    }

    /** Throttles the lane as its limiter is, and reports that of the run that waits. */
    private void throttle(Lane lane, Turn.ThrottledByLimiter waits) {
        long until = waits.throttle().untilMillis();
        lanes.become(lane, lane.state().throttledUntil(until, waits.throttle().reason()));
        RunState run = runs.find(waits.runId());
        if (run != null) {
            runs.changed(run);
        }
        queue.wakeAt(until, lane);
    }
}
