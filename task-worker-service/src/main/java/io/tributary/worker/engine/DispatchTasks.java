package io.tributary.worker.engine;

/** Starts waiting tasks, one of each lane in turn, as far as the limits of the lanes and of the worker allow. */
final class DispatchTasks {

    /** Time between two looks at whether threads that were given up have come back. */
    private static final long THREADS_COME_BACK_MILLIS = 250;

    private final Partition partition;
    private final Attempts attempts;
    private final int maxExecuting;
    private Pauses knownPauses;

    /** @param maxExecuting tasks of a partition that execute at a time, 1 and up */
    DispatchTasks(Partition partition, Attempts attempts, int maxExecuting) {
        this.partition = partition;
        this.attempts = attempts;
        this.maxExecuting = maxExecuting;
        this.knownPauses = partition.pauses();
    }

    void dispatch() {
        long now = partition.nowMillis();
        attendWhereAPauseEnded();
        partition.lanes.wake(now);
        partition.lanes.admit(now);
        while (attempts.active() < maxExecuting) {
            Lane lane = partition.lanes.next();
            if (lane == null) {
                break;
            }
            serve(lane, now);
        }
        attempts.othersWait(partition.lanes.hasNext());
    }

    private void attendWhereAPauseEnded() {
        Pauses pauses = partition.pauses();
        if (pauses != knownPauses) {
            knownPauses = pauses;
            partition.lanes.snapshot().forEach(partition.lanes::attend);
        }
    }

    private void serve(Lane lane, long now) {
        LaneState state = lane.state();
        if (state.parkedUntilMillis() > 0 && state.parkedUntilMillis() <= now) {
            partition.become(lane, state.unparked());
        }
        lane.refill(partition.store, partition::isLive);
        Lane.Taken taken = lane.take(now);
        if (taken != null) {
            attempts.start(lane, taken);
            partition.lanes.attend(lane);
        } else if (lane.state().parkedUntilMillis() > now) {
            // Even when nothing waits: the lane is to be unparked then.
            partition.lanes.wakeAt(lane.state().parkedUntilMillis(), lane);
        } else if (lane.isToBeRefilled()) {
            partition.lanes.wakeAt(now + 1, lane);
        } else if (lane.waitsForPace(now)) {
            waitForPace(lane, now);
        } else if (lane.waitsForThreads()) {
            partition.lanes.wakeAt(now + THREADS_COME_BACK_MILLIS, lane);
        } else {
            waitForBackfillBudget(lane, now);
        }
    }

    private void waitForBackfillBudget(Lane lane, long now) {
        long opensAt = lane.backfillOpensAtMillis(now);
        if (opensAt < Long.MAX_VALUE) {
            partition.lanes.wakeAt(Math.max(opensAt, now + 1), lane);
        }
    }

    private void waitForPace(Lane lane, long now) {
        Pace pace = lane.pace();
        Pace.Rest rest = pace.rest(now);
        if (rest != null) {
            partition.park(lane, rest);
            partition.lanes.wakeAt(rest.untilMillis(), lane);
        } else if (pace.isShared()) {
            partition.lanes.hold(lane);
        } else {
            long opensAt = pace.opensAtMillis(now);
            if (opensAt < Long.MAX_VALUE) {
                partition.lanes.wakeAt(Math.max(opensAt, now + 1), lane);
            }
        }
    }
}
