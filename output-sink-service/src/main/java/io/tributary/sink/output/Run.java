package io.tributary.sink.output;

import java.util.UUID;

/**
 * A sync run, as of the transaction that locked it.
 *
 * @param sequence order of runs: content of a lower one never overwrites that of a higher one
 * @param sinkOffset last offset of the topic of outputs that was applied to this run; -1: none
 * @param outputsSaved outputs applied so far
 * @param finished it ended: its status, its times and what it did to the user integration stand
 * @param besideOlder an older run of the same user integration is still going
 */
record Run(
        UUID id,
        long sequence,
        UserIntegration userIntegration,
        String syncType,
        String trigger,
        long sinkOffset,
        long outputsSaved,
        boolean finished,
        boolean besideOlder) {

    /** A run over a date range beside the live ones: it leaves the cursor and the schedule alone. */
    boolean isBackfill() {
        return trigger.equals("backfill");
    }
}
