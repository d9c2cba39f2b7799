package io.tributary.worker.engine;

import org.jspecify.annotations.Nullable;

/** Since when a lane waits, or is throttled, as of the last look at it. Guarded by its lane. */
final class LaneWaits {

    /** Tasks started so far, and their number at the last sample. */
    private long starts;

    private long sampledStarts;
    /** Since when it waits, milliseconds since the epoch; 0: it does not. */
    private long sinceMillis;

    private long knownThrottledUntilMillis;

    void started() {
        starts++;
    }

    /** Whether the lane is throttled for another time than at the last call. */
    boolean isThrottledAnew(LaneState state, long nowMillis) {
        boolean anew = nowMillis >= knownThrottledUntilMillis;
        knownThrottledUntilMillis = state.throttledUntilMillis();
        return anew;
    }

    /** Adds the lane to a sample of its partition. */
    void addTo(SampleLanes sample, @Nullable String domain, LaneState state, boolean waits, boolean paused) {
        boolean throttled = state.throttledUntilMillis() > sample.nowMillis();
        if (throttled && domain != null) {
            sample.addThrottled(domain);
        }
        if (paused && waits) {
            sample.addPaused();
        }
        if (!waits || throttled || paused) {
            sinceMillis = 0;
        } else {
            if (sinceMillis == 0 || starts != sampledStarts) {
                sinceMillis = sample.nowMillis();
            }
            sample.addWaiting(sinceMillis);
        }
        sampledStarts = starts;
    }
}
