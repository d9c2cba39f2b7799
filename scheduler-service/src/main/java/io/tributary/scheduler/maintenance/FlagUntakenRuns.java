package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.tables.RunTable;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flags dispatched runs that no worker has started. Such a run waits: it continues by itself once workers run, and its
 * first progress removes the flag.
 *
 * @param patience how long after its dispatch
 */
record FlagUntakenRuns(RunTable runs, Duration patience, Clock clock) implements Runnable {

    static final String CODE = "polling.notTaken";

    private static final String MESSAGE =
            "No worker has started the run since its task was sent, or the sink has not read its progress."
                    + " Check that workers with this integration and sinks are running, and their lag.";

    private static final Logger log = LoggerFactory.getLogger(FlagUntakenRuns.class);

    @Override
    public void run() {
        int flagged = runs.flagUntaken(CODE, MESSAGE, clock.instant().minus(patience));
        if (flagged > 0) {
            log.warn("polling.notTaken: no worker has started runs that were dispatched runs={}", flagged);
        }
    }
}
