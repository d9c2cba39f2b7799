package io.tributary.scheduler.explain;

import io.tributary.scheduler.tables.FlagTable.Flag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing is happening with an account, and when it will.
 *
 * @param waitsFor what the account waits for: the wait of its default sync type, unless something stops all of it
 * @param schedules its sync types, each with its wait
 * @param runs its live runs, the oldest first, each with its wait
 * @param flags what the watchdog found wrong
 */
record Explanation(
        UUID userIntegrationId,
        String syncStatus,
        Wait waitsFor,
        List<OfSchedule> schedules,
        List<OfRun> runs,
        List<Flag> flags) {

    /**
     * A sync type.
     *
     * @param runId its live run; null: none
     */
    record OfSchedule(
            String syncType,
            @Nullable Instant nextSyncAt,
            @Nullable UUID runId,
            Wait waitsFor) {}

    /** A live run. */
    record OfRun(UUID runId, String syncType, String trigger, long executing, long waiting, Wait waitsFor) {}
}
