package io.tributary.sink.run;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A sync run, as of the transaction that locked it.
 *
 * @param sequence order of runs: content of a lower one never overwrites that of a higher one
 * @param domain of its integration
 * @param exclusive whether it holds the account's live slot; a concurrent run (a backfill, a replay, a system run) does
 *     not change cursor and schedule
 * @param createdAt when it was queued
 * @param sinkOffset last offset of the topic of outputs that was applied to this run; -1: none
 * @param outputsSaved outputs applied so far
 * @param finished whether it ended: then its status, its times and its effect on the account are final
 * @param olderMayFollow whether records of an older run of the same account may still come: then its rows must store
 *     this run
 * @param traceparent of its trigger; null: it was queued before there were traces
 */
public record Run(
        UUID id,
        long sequence,
        UUID userIntegrationId,
        String domain,
        String syncType,
        boolean exclusive,
        Instant createdAt,
        long sinkOffset,
        long outputsSaved,
        boolean finished,
        boolean olderMayFollow,
        @Nullable String traceparent) {}
