package io.tributary.sink.completion;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates the rows of runs by the records of a batch: saved outputs, the last offset, and the worker's report. One
 * update for each run and batch, whatever the number of reports.
 *
 * <p>A run goes {@code queued -> running -> ended} and never back; after its end, only its counters still grow, and its
 * error stays the one with which it ended. Times are those of the database: the clock of a worker may be wrong.
 */
public record AdvanceRuns(Postgres postgres) {

    private static final Logger log = LoggerFactory.getLogger(AdvanceRuns.class);

    private static final String ADVANCE = """
        update sync_run
           set outputs_saved = outputs_saved + :saved,
               rows_inserted = rows_inserted + :inserted,
               rows_updated = rows_updated + :updated,
               rows_unchanged = rows_unchanged + :unchanged,
               sink_offset = :offset,
               spawned = greatest(spawned, :spawned),
               completed = greatest(completed, :completed),
               failed = greatest(failed, :failed),
               outputs = greatest(outputs, :outputs) + :late,
               executing = case when :reported and finished_at is null then :executing else executing end,
               throttled_until = case when :reported and finished_at is null then cast(:throttledUntil as timestamptz)
                                      else throttled_until end,
               throttled_reason = case when :reported and finished_at is null then :throttledReason
                                       else throttled_reason end,
               waits_for = case when :reported and finished_at is null then :waitsFor else waits_for end,
               waits_until = case when :reported and finished_at is null then cast(:waitsUntil as timestamptz)
                                  else waits_until end,
               error_code = case when :reported and finished_at is null then :errorCode else error_code end,
               error_message = case when :reported and finished_at is null then :errorMessage else error_message end,
               started_at = coalesce(started_at,
                                     least(now(), greatest(created_at, cast(:startedAt as timestamptz)))),
               progress_at = case when :reported then now() else progress_at end,
               status = case when finished_at is null then :status else status end,
               finished_at = coalesce(finished_at, case when :ends then now() end)
         where id = :id\
        """;

    /**
     * Within the transaction that locked the runs.
     *
     * @param counts the effect of the outputs, by run
     */
    public void advance(List<RunBatch> batches, Map<UUID, RowCounts> counts) {
        postgres.batch(
                ADVANCE,
                batches.stream()
                        .map(batch ->
                                advanced(batch, counts.getOrDefault(batch.run().id(), RowCounts.NONE)))
                        .toList());
    }

    private static Advance advanced(RunBatch batch, RowCounts rows) {
        Progress received = batch.progress().orElse(null);
        RunProgress progress = received == null ? null : received.progress();
        RunSums sums = progress == null ? RunSums.BEGUN : RunSums.of(progress, 0);
        boolean ends = received != null && received.isFinal();
        RunProgress goingOn = ends ? null : progress;
        RunError error = progress == null ? null : progress.getError();
        if (received != null) {
            warnOfUnknownStatus(batch.run(), received);
        }
        return new Advance(
                batch.run().id(),
                rows.outputs(),
                rows.inserted(),
                rows.updated(),
                rows.unchanged(),
                batch.lastOffset(),
                progress != null,
                sums.spawned(),
                sums.completed(),
                sums.failed(),
                sums.outputs(),
                batch.lateItems(),
                goingOn == null ? 0 : goingOn.getExecuting(),
                goingOn == null ? null : goingOn.getThrottledUntil(),
                goingOn == null ? null : StorableText.ofNullable(goingOn.getThrottledReason()),
                goingOn == null ? null : StorableText.ofNullable(goingOn.getWaitsFor()),
                goingOn == null ? null : goingOn.getWaitsUntil(),
                error == null ? null : StorableText.of(error.getCode()),
                error == null ? null : StorableText.of(error.getMessage()),
                batch.firstSentAt(),
                progress != null && ends ? progress.getStatus() : RunStatus.running,
                ends);
    }

    private static void warnOfUnknownStatus(Run run, Progress received) {
        if (received.progress().getStatus() == RunStatus.unknown) {
            log.error(
                    "sink.statusUnknown: a newer worker reported a status that this sink does not know; the run goes on"
                            + " for it runId={} userIntegrationId={} offset={}",
                    run.id(),
                    run.userIntegrationId(),
                    received.offset());
        }
    }

    /** The parameters of {@link #ADVANCE}. */
    private record Advance(
            UUID id,
            long saved,
            long inserted,
            long updated,
            long unchanged,
            long offset,
            boolean reported,
            long spawned,
            long completed,
            long failed,
            long outputs,
            long late,
            int executing,
            @Nullable Instant throttledUntil,
            @Nullable String throttledReason,
            @Nullable String waitsFor,
            @Nullable Instant waitsUntil,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            Instant startedAt,
            RunStatus status,
            boolean ends) {}
}
