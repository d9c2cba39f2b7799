package io.tributary.scheduler.runs;

/**
 * Runs of trigger {@code system}: those with which the system asks or renews something, which sync nothing and of which
 * nobody is told unasked; and one-off tasks, which somebody asked for.
 */
public final class SystemRuns {

    /** Sync type of the runs of one-off tasks. */
    public static final String ONE_OFF = "system:oneOff";

    /** SQL that holds of a row of {@code sync_run} which somebody, or a schedule, asked for. */
    public static final String ASKED_FOR = "(trigger <> 'system' or sync_type = '" + ONE_OFF + "')";

    private SystemRuns() {}
}
