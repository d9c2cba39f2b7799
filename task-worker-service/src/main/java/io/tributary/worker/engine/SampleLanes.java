package io.tributary.worker.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Counts the lanes of a partition by what holds them back; each lane adds itself. Stream thread only. */
final class SampleLanes {

    private final long nowMillis;
    private final UnaryOperator<String> label;
    private final Map<String, Integer> throttled = new HashMap<>();
    private int waiting;
    private int paused;
    private long oldestWaitMillis;

    SampleLanes(long nowMillis, UnaryOperator<String> label) {
        this.nowMillis = nowMillis;
        this.label = label;
    }

    long nowMillis() {
        return nowMillis;
    }

    void addThrottled(String domain) {
        throttled.merge(label.apply(domain), 1, Integer::sum);
    }

    void addPaused() {
        paused++;
    }

    /** @param sinceMillis when it began to wait, or started its last task */
    void addWaiting(long sinceMillis) {
        waiting++;
        oldestWaitMillis = Math.max(oldestWaitMillis, nowMillis - sinceMillis);
    }

    PartitionGauges.LaneCounts counts() {
        return new PartitionGauges.LaneCounts(waiting, paused, Map.copyOf(throttled), oldestWaitMillis);
    }
}
