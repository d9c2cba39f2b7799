package io.tributary.worker.engine;

import java.util.TreeSet;

/**
 * At which times the store holds deferred tasks, so that it is only looked into when one is due. Times are rounded up
 * to a tenth of a second, which bounds their number. Stream thread only.
 */
final class DueTimes {

    private static final long GRAIN_MILLIS = 100;

    private final TreeSet<Long> times = new TreeSet<>();

    /** Notes a time and returns it rounded. */
    long add(long atMillis) {
        long rounded = Math.ceilDiv(atMillis, GRAIN_MILLIS) * GRAIN_MILLIS;
        times.add(rounded);
        return rounded;
    }

    /** Whether something is due; what is due is forgotten. */
    boolean takeDue(long nowMillis) {
        var due = times.headSet(nowMillis, true);
        boolean any = !due.isEmpty();
        due.clear();
        return any;
    }
}
