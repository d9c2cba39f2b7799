package io.tributary.sink.output;

import io.tributary.sink.postgres.InTransaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Applies records of one partition to Postgres, all or nothing: outputs, the counters and progress of their runs, and
 * what the end of a run means.
 *
 * <p>Applying them again changes nothing, whoever does it: each run knows the last offset that was applied to it, and
 * learns it in the same transaction.
 */
public final class ApplyBatch {

    private static final String COUNT_SET_ASIDE = """
            update sync_run set outputs_set_aside = outputs_set_aside + 1, sink_offset = :offset
             where id = :run and user_integration_id = :userIntegration and sink_offset < :offset""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;
    private final SaveListings saveListings;
    private final ProveEnd proveEnd;
    private final AdvanceRuns advanceRuns;
    private final CompleteRuns completeRuns;

    public ApplyBatch(
            InTransaction transaction, JdbcTemplate jdbc, DeletionBounds bounds, Clock clock, RandomGenerator random) {
        var named = new NamedParameterJdbcTemplate(jdbc);
        this.transaction = transaction;
        this.jdbc = JdbcClient.create(jdbc);
        this.lockRuns = new LockRuns(this.jdbc);
        this.writeOutputs = new WriteOutputs(jdbc, clock);
        this.saveListings = new SaveListings(jdbc);
        this.proveEnd = new ProveEnd(new DeleteUnlisted(this.jdbc, new MarkDeleted(transaction, jdbc), bounds));
        this.advanceRuns = new AdvanceRuns(named);
        this.completeRuns = new CompleteRuns(named, new NextSync(random), clock);
    }

    /** Records of a run that is gone, at least one. */
    record Gone(UUID runId, List<RunRecord> records) {}

    /**
     * Returns what was skipped, by run, since it belongs to nothing any more.
     *
     * @param records in the order of their partition
     * @throws io.tributary.sink.postgres.Refused one of them cannot be written, and none was
     * @throws io.tributary.sink.consume.Unavailable try the same again later
     */
    List<Gone> apply(List<RunRecord> records) {
        return transaction.get(() -> {
            List<Gone> gone = new ArrayList<>();
            List<RunBatch> fresh = notYetApplied(records, lockRuns.of(records), gone);
            Map<UUID, RowCounts> counts = writeOutputs.write(fresh);
            saveListings.save(fresh);
            List<RunBatch> proven = fresh.stream()
                    .map(batch -> proveEnd.proven(
                            batch, counts.getOrDefault(batch.run().id(), RowCounts.NONE)))
                    .toList();
            advanceRuns.advance(proven, counts);
            completeRuns.complete(proven, counts);
            saveListings.forget(proven);
            return gone;
        });
    }

    /**
     * Counts an output that was refused, and is safe elsewhere, on its run; nothing where it was counted before.
     *
     * @throws io.tributary.sink.consume.Unavailable try again later
     */
    void countSetAside(RunRecord.Item refused) {
        transaction.run(() -> jdbc.sql(COUNT_SET_ASIDE)
                .param("offset", refused.offset())
                .param("run", refused.runId())
                .param("userIntegration", refused.userIntegrationId())
                .update());
    }

    /** By run; without what was applied before, and without what belongs to nothing any more. */
    private static List<RunBatch> notYetApplied(List<RunRecord> records, Map<UUID, Run> runs, List<Gone> gone) {
        Map<UUID, RunBatch> fresh = new LinkedHashMap<>();
        Map<UUID, Gone> skipped = new LinkedHashMap<>();
        for (RunRecord record : records) {
            Run run = runs.get(record.runId());
            if (run == null || !run.userIntegration().id().equals(record.userIntegrationId())) {
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
