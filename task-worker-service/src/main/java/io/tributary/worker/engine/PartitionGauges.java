package io.tributary.worker.engine;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How one partition is, as its stream thread last published it. The stream thread writes, any thread reads, and nobody
 * waits.
 */
final class PartitionGauges {

    /**
     * The lanes of the partition.
     *
     * @param waiting lanes with waiting tasks that nothing holds back
     * @param paused lanes that are paused and have waiting tasks
     * @param throttled throttled lanes by domain
     * @param oldestWaitMillis longest time for which a waiting lane has started no task
     */
    record LaneCounts(int waiting, int paused, Map<String, Integer> throttled, long oldestWaitMillis) {
        static final LaneCounts NONE = new LaneCounts(0, 0, Map.of(), 0);
    }

    private final AtomicLong storedTasks = new AtomicLong();
    private final AtomicLong turnAtNanos;
    private volatile LaneCounts lanes = LaneCounts.NONE;
    private volatile long storeEntries;

    PartitionGauges(long nowNanos) {
        this.turnAtNanos = new AtomicLong(nowNanos);
    }

    /** Tasks came into the store, or left it. Stream thread. */
    void stored(int more) {
        storedTasks.setRelease(storedTasks.getPlain() + more);
    }

    /** The stream thread made a turn. */
    void turned(long nowNanos) {
        turnAtNanos.setRelease(nowNanos);
    }

    void sampled(LaneCounts lanes, long storeEntries) {
        this.lanes = lanes;
        this.storeEntries = storeEntries;
    }

    /** Tasks that were accepted and not settled. */
    long storedTasks() {
        return storedTasks.get();
    }

    long turnAtNanos() {
        return turnAtNanos.get();
    }

    LaneCounts lanes() {
        return lanes;
    }

    long storeEntries() {
        return storeEntries;
    }
}
