package io.tributary.sink.output;

import io.tributary.sink.postgres.InTransaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
final class ApplyBatch {

    private static final Logger log = LoggerFactory.getLogger(ApplyBatch.class);

    private final InTransaction transaction;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;
    private final AdvanceRuns advanceRuns;
    private final CompleteRuns completeRuns;

    ApplyBatch(InTransaction transaction, JdbcTemplate jdbc, Clock clock, RandomGenerator random) {
        var named = new NamedParameterJdbcTemplate(jdbc);
        this.transaction = transaction;
        this.lockRuns = new LockRuns(JdbcClient.create(jdbc));
        this.writeOutputs = new WriteOutputs(jdbc, clock);
        this.advanceRuns = new AdvanceRuns(named);
        this.completeRuns = new CompleteRuns(named, new NextSync(random), clock);
    }

    /**
     * @param records in the order of their partition
     * @throws io.tributary.sink.postgres.Refused one of them cannot be written, and none was
     * @throws io.tributary.sink.consume.Unavailable try the same again later
     */
    void apply(List<RunRecord> records) {
        transaction.run(() -> {
            List<RunBatch> fresh = notYetApplied(records, lockRuns.of(records));
            Map<UUID, RowCounts> counts = writeOutputs.write(fresh);
            advanceRuns.advance(fresh, counts);
            completeRuns.complete(fresh, counts);
        });
    }

    /** By run; without what was applied before, and without what belongs to nothing any more. */
    private static List<RunBatch> notYetApplied(List<RunRecord> records, Map<UUID, Run> runs) {
        Map<UUID, RunBatch> fresh = new LinkedHashMap<>();
        Map<UUID, List<RunRecord>> gone = new LinkedHashMap<>();
        for (RunRecord record : records) {
            Run run = runs.get(record.runId());
            if (run == null || !run.userIntegration().id().equals(record.userIntegrationId())) {
                gone.computeIfAbsent(record.runId(), id -> new ArrayList<>()).add(record);
            } else if (record.offset() > run.sinkOffset()) {
                fresh.computeIfAbsent(run.id(), id -> new RunBatch(run, new ArrayList<>()))
                        .records()
                        .add(record);
            }
        }
        gone.forEach(ApplyBatch::report);
        return List.copyOf(fresh.values());
    }

    /** Its user integration was deleted, and its content with it: there is nothing to keep, and nobody to keep it for. */
    private static void report(UUID runId, List<RunRecord> records) {
        var first = records.getFirst();
        log.warn(
                "sink.runGone: skipped records of a run that is gone, or is not of that user integration records={}"
                        + " runId={} userIntegrationId={} topic={} partition={} offset={} lastOffset={}",
                records.size(),
                runId,
                first.userIntegrationId(),
                first.source().topic(),
                first.source().partition(),
                first.offset(),
                records.getLast().offset());
    }
}
