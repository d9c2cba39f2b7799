package io.tributary.scheduler.sync;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits and what executes, as the workers count it: each tells twice a second where its runs stand, and what they
 * told last is what is shown.
 *
 * @param queueDepth tasks that wait, those of runs that are not dispatched yet included
 * @param inFlight tasks that execute
 * @param lastSuccessAt when an account was synced last; null: never
 * @param integrations the same by platform, by domain
 * @param consumers the same by who takes things from a queue
 */
record SyncInfo(
        long queueDepth,
        long inFlight,
        @Nullable Instant lastSuccessAt,
        List<Integration> integrations,
        List<Consumer> consumers) {

    /**
     * One platform.
     *
     * @param liveRuns runs that are not over
     */
    record Integration(
            String integrationDomain,
            long queueDepth,
            long inFlight,
            long liveRuns,
            @Nullable Instant lastSuccessAt) {}

    /**
     * Who takes things from a queue.
     *
     * @param name scheduler: dispatches runs; worker: executes tasks; oneOff: starts one-off tasks
     * @param queueDepth runs, tasks or one-off tasks that wait
     * @param inFlight those it works on
     * @param lastSuccessAt when it was done with one last; null: never
     */
    record Consumer(
            String name,
            long queueDepth,
            long inFlight,
            @Nullable Instant lastSuccessAt) {}
}
