package io.tributary.scheduler.tables;

/**
 * Runs of trigger {@code system}: internal runs that identify an account or renew its access, sync nothing and stay out
 * of lists by default; and one-off tasks, which a user requested.
 */
public final class SystemRuns {

    /** Sync type of the runs of one-off tasks. */
    public static final String ONE_OFF = "system:oneOff";

    /** SQL condition of rows of {@code sync_run} that a user or a schedule requested. */
    public static final String REQUESTED = "(trigger <> 'system' or sync_type = '" + ONE_OFF + "')";

    private SystemRuns() {}
}
