package io.tributary.sink.maintenance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Periodic work in steps. One sink takes the steps. If two sinks both believe that they hold the lease, they may take
 * the same step concurrently, so a step must be safe to take twice.
 */
public interface MaintenanceJob {

    /** Key of its row in the table {@code sink_maintenance}. */
    String name();

    /** Time between the end of a round and the start of the next one. */
    Duration every();

    /**
     * Does a bounded amount of work and commits it.
     *
     * @param position progress of the round; null: at its start. The same position may be passed again, whether or not
     *     its step was committed
     * @throws io.tributary.sink.outage.Unavailable an outage: take the same step again later
     */
    Step step(@Nullable String position);

    /**
     * The result of a step.
     *
     * @param next new position of the round; null: it is over
     * @param removed number of removed rows or objects
     */
    record Step(@Nullable String next, long removed) {}
}
