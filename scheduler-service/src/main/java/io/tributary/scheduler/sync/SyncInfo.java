package io.tributary.scheduler.sync;

import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.tables.FlagTable.FlagCount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waiting and the executing work, as the workers last reported it: each reports its runs twice a second.
 *
 * @param queueDepth number of waiting tasks, including those of runs that were not dispatched yet
 * @param inFlight number of executing tasks
 * @param lastSuccessAt last successful sync of an account; null: never
 * @param integrations the same for each platform, by domain
 * @param consumers the same for each consumer of a queue
 * @param flags number of accounts that the watchdog flagged, by code
 * @param quotas what the caller has and may have; of the organisation for its administrators
 */
record SyncInfo(
        long queueDepth,
        long inFlight,
        @Nullable Instant lastSuccessAt,
        List<Integration> integrations,
        List<Consumer> consumers,
        List<FlagCount> flags,
        List<Quotas.Use> quotas) {

    /**
     * One platform.
     *
     * @param liveRuns number of live runs
     */
    record Integration(
            String integrationDomain,
            long queueDepth,
            long inFlight,
            long liveRuns,
            @Nullable Instant lastSuccessAt) {}

    /**
     * A consumer of a queue.
     *
     * @param name scheduler: dispatches runs; worker: executes tasks; oneOff: starts one-off tasks
     * @param queueDepth number of waiting runs, tasks or one-off tasks
     * @param inFlight number of those it works on
     * @param lastSuccessAt when it last completed one; null: never
     */
    record Consumer(
            String name,
            long queueDepth,
            long inFlight,
            @Nullable Instant lastSuccessAt) {}
}
