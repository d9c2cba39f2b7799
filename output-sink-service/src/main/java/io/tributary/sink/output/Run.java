package io.tributary.sink.output;

import java.time.Instant;
import java.util.UUID;

/**
 * A sync run, as of the transaction that locked it.
 *
 * @param sequence order of runs: content of a lower one never overwrites that of a higher one
 * @param ownSchedule whether its schedule and state are not those of the user integration: it is not of its default sync
 *     type
 * @param createdAt when it was queued
 * @param sinkOffset last offset of the topic of outputs that was applied to this run; -1: none
 * @param outputsSaved outputs applied so far
 * @param finished it ended: its status, its times and what it did to the user integration stand
 * @param besideOlder what an older run of the same user integration says may still come: its row must know the newer one
 */
record Run(
        UUID id,
        long sequence,
        UserIntegration userIntegration,
        String syncType,
        boolean ownSchedule,
        Instant createdAt,
        String trigger,
        long sinkOffset,
        long outputsSaved,
        boolean finished,
        boolean besideOlder) {

    /**
     * A run over a date range, of tasks that ran before, or of the system: one task that someone
     * asked for, or a renewal of access, beside the live ones: it
     * leaves cursor and schedule alone.
     */
    boolean goesBeside() {
        return trigger.equals("backfill") || trigger.equals("replay") || trigger.equals("system");
    }
}
