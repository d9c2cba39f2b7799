package io.tributary.sink.output;

import io.tributary.sink.completion.AdvanceRuns;
import io.tributary.sink.completion.CompleteRuns;
import io.tributary.sink.completion.ProveEnd;
import io.tributary.sink.content.WriteOutputs;
import io.tributary.sink.deletions.DeleteUnlisted;
import io.tributary.sink.deletions.RunListings;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.LockRuns;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies records of one partition to Postgres, all or nothing: outputs, the counters and progress of their runs, and
 * the completion of runs.
 *
 * <p>Applying them again changes nothing, in this sink or another: the row of each run holds the last applied offset,
 * which the same transaction updates.
 */
public final class ApplyBatch {

    private static final Logger log = LoggerFactory.getLogger(ApplyBatch.class);

    private static final String COUNT_DEAD_LETTER = """
        update sync_run
           set outputs_dead_lettered = outputs_dead_lettered + 1, outputs = outputs + :late, sink_offset = :offset
         where id = :runId and user_integration_id = :userIntegrationId and sink_offset < :offset\
        """;

    private final Postgres postgres;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;
    private final RunListings listings;
    private final ProveEnd proveEnd;
    private final AdvanceRuns advanceRuns;
    private final CompleteRuns completeRuns;
    private final ObserveApplied observe;
    private final Clock clock;

    /** @param keepRestatedValues whether figures that a provider restates are kept */
    public ApplyBatch(
            Postgres postgres,
            DeleteUnlisted.Bounds bounds,
            boolean keepRestatedValues,
            ObserveApplied observe,
            Clock clock,
            RandomGenerator random) {
        this.postgres = postgres;
        this.observe = observe;
        this.clock = clock;
        this.lockRuns = new LockRuns(postgres);
        this.writeOutputs = new WriteOutputs(postgres, keepRestatedValues, clock);
        this.listings = new RunListings(postgres);
        this.proveEnd = new ProveEnd(new DeleteUnlisted(postgres, bounds));
        this.advanceRuns = new AdvanceRuns(postgres);
        this.completeRuns = new CompleteRuns(postgres, random);
    }

    /** Records of a run that was deleted, at least one. */
    record Gone(UUID runId, List<RunRecord> records) {}

    /** What a transaction did. */
    private record Applied(List<Gone> gone, List<RunBatch> batches, Collection<RowCounts> counts) {}

    /**
     * Applies the records, and returns the skipped ones of deleted runs, by run.
     *
     * @param records in the order of their partition
     * @throws io.tributary.sink.postgres.Rejected one of them cannot be written; nothing was written
     * @throws io.tributary.sink.outage.Unavailable try the same again later
     */
    List<Gone> apply(List<RunRecord> records) {
        Instant begun = clock.instant();
        Applied applied = postgres.get(() -> {
            List<Gone> gone = new ArrayList<>();
            List<RunBatch> fresh = notYetApplied(records, lockRuns.of(records), gone);
            Map<UUID, RowCounts> counts = writeOutputs.write(fresh);
            listings.save(fresh);
            List<RunBatch> proven = fresh.stream()
                    .map(batch -> proveEnd.proven(
                            batch, counts.getOrDefault(batch.run().id(), RowCounts.NONE)))
                    .toList();
            advanceRuns.advance(proven, counts);
            completeRuns.complete(proven, counts);
            listings.delete(proven);
            log.debug("sink.outputsSaved: records applied records={} runs={}", records.size(), fresh.size());
            return new Applied(gone, proven, counts.values());
        });
        observe.committed(applied.batches(), applied.counts(), begun);
        return applied.gone();
    }

    /**
     * Counts a dead-lettered output on its run; does nothing if it was counted before.
     *
     * @throws io.tributary.sink.outage.Unavailable try again later
     */
    void countDeadLetter(RunRecord.Item rejected) {
        record Count(UUID runId, UUID userIntegrationId, long offset, int late) {}
        var count =
                new Count(rejected.runId(), rejected.userIntegrationId(), rejected.offset(), rejected.isLate() ? 1 : 0);
        postgres.run(() -> postgres.sql(COUNT_DEAD_LETTER, count).update());
    }

    /** Groups records by run, without records that were applied before, and without those of deleted runs. */
    private static List<RunBatch> notYetApplied(List<RunRecord> records, Map<UUID, Run> runs, List<Gone> gone) {
        Map<UUID, RunBatch> fresh = new LinkedHashMap<>();
        Map<UUID, Gone> skipped = new LinkedHashMap<>();
        for (RunRecord record : records) {
            Run run = runs.get(record.runId());
            if (run == null || !run.userIntegrationId().equals(record.userIntegrationId())) {
                skipped.computeIfAbsent(record.runId(), id -> new Gone(id, new ArrayList<>()))
                        .records()
                        .add(record);
            } else if (record.offset() > run.sinkOffset()) {
                fresh.computeIfAbsent(run.id(), id -> new RunBatch(run, new ArrayList<>()))
                        .records()
                        .add(record);
            }
        }
        gone.addAll(skipped.values());
        return List.copyOf(fresh.values());
    }
}
