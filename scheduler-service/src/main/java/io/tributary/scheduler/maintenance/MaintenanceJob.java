package io.tributary.scheduler.maintenance;

import java.time.Duration;

/**
 * Periodic work that one replica at a time does. A package declares its jobs as beans. The table
 * {@code scheduler_maintenance} shows when a job ran last, how long it took, and its error.
 *
 * @param name stable: the key of its row
 * @param every from one start to the next, 5 seconds and up; the first start is immediate
 * @param atMost how long it may take; after that, another replica may start it again while the first one still hangs in
 *     it, so it must bear running twice at once
 * @param work called on a timer's thread; an exception is logged and stored, and the job runs again at its next time
 */
public record MaintenanceJob(String name, Duration every, Duration atMost, Runnable work) {

    private static final Duration LEAST = Duration.ofSeconds(5);

    public MaintenanceJob {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a maintenance job needs a name");
        }
        if (every.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(name + " is due every " + every + "; the least is 5 seconds");
        }
        if (!atMost.isPositive()) {
            throw new IllegalArgumentException(name + " may take " + atMost + "; it must be more than nothing");
        }
    }
}
