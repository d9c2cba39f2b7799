package io.tributary.worker.engine;

/** Starts waiting tasks, one of each lane in turn, as far as the limits of the lanes and of the worker allow. */
final class DispatchTasks {

    private final Partition partition;
    private final Attempts attempts;
    private final int maxExecuting;

    /** @param maxExecuting tasks of a partition that execute at a time, 1 and up */
    DispatchTasks(Partition partition, Attempts attempts, int maxExecuting) {
        this.partition = partition;
        this.attempts = attempts;
        this.maxExecuting = maxExecuting;
    }

    void dispatch() {
        long now = partition.nowMillis();
        partition.lanes.wake(now);
        while (attempts.active() < maxExecuting) {
            Lane lane = partition.lanes.next();
            if (lane == null) {
                break;
            }
            serve(lane, now);
        }
        attempts.othersWait(partition.lanes.hasNext());
    }

    private void serve(Lane lane, long now) {
        LaneState state = lane.state();
        if (state.parkedUntilMillis() > 0 && state.parkedUntilMillis() <= now) {
            partition.become(lane, state.unparked());
        }
        lane.refill(partition.store, partition::isLive);
        WaitingTask task = lane.take(now);
        if (task != null) {
            attempts.start(lane, task);
            partition.lanes.attend(lane);
            return;
        }
        long opensAt = lane.opensAtMillis(now);
        if (opensAt < Long.MAX_VALUE) {
            partition.lanes.wakeAt(Math.max(opensAt, now + 1), lane);
        }
    }
}
