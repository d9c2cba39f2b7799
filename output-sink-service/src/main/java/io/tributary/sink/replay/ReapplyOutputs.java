package io.tributary.sink.replay;

import io.tributary.schemas.RunProgress;
import io.tributary.sink.content.WriteOutputs;
import io.tributary.sink.deletions.DeleteAgain;
import io.tributary.sink.deletions.RunListings;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.LockRuns;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes replayed outputs to {@code user_integration_content}, as they were first written, and repeats the deletions of
 * items that complete listings did not show. It does not bring purged content back. The runs, their counters and their
 * accounts stay as they are.
 */
public record ReapplyOutputs(
        String topic,
        LockRuns lockRuns,
        PurgedOutputs purgedOutputs,
        WriteOutputs writeOutputs,
        RunListings listings,
        DeleteAgain deleteAgain)
        implements Reapply {

    public ReapplyOutputs(String topic, Postgres postgres, Clock clock) {
        this(
                topic,
                new LockRuns(postgres),
                new PurgedOutputs(postgres),
                new WriteOutputs(postgres, false, clock),
                new RunListings(postgres),
                new DeleteAgain(postgres));
    }

    @Override
    public boolean concerns(Replay replay, SpecificRecord message) {
        return !(message instanceof RunProgress progress) || progress.getListed() != null;
    }

    @Override
    public void begin(Replay replay) {
        deleteAgain.deleteOldListings(replay.userIntegrationId());
    }

    @Override
    public Tally apply(Replay replay, List<Read> messages) {
        List<RunRecord> records = messages.stream()
                .flatMap(read -> RunRecord.of(read.source(), read.message()).stream())
                .toList();
        Map<UUID, Run> runs = lockRuns.ofReplayed(records);
        List<RunRecord> known = purgedOutputs.leaveOut(
                records.stream().filter(record -> isKnown(record, runs)).toList());
        RowCounts rows = RowCounts.NONE;
        for (List<RunBatch> part : parts(known, runs)) {
            Map<UUID, RowCounts> written = writeOutputs.write(part);
            for (RunBatch batch : part) {
                RowCounts ofRun = written.getOrDefault(batch.run().id(), RowCounts.NONE);
                rows = rows.plus(ofRun);
                if (ofRun.inserted() + ofRun.updated() > 0) {
                    deleteAgain.compareAgain(batch.run().userIntegrationId());
                }
            }
            listings.saveAgain(part);
            part.forEach(batch -> batch.progress().ifPresent(end -> deleteAgain.delete(batch.run(), end)));
        }
        long reach = runs.values().stream()
                .mapToLong(run -> run.sinkOffset() + 1)
                .max()
                .orElse(0);
        return Tally.ofRows(rows.inserted(), rows.updated(), rows.unchanged(), items(records) - items(known), reach);
    }

    private static long items(List<RunRecord> records) {
        return records.stream().filter(Item.class::isInstance).count();
    }

    /** Its run exists; a run is deleted together with its user integration. */
    private static boolean isKnown(RunRecord record, Map<UUID, Run> runs) {
        Run run = runs.get(record.runId());
        return run != null && run.userIntegrationId().equals(record.userIntegrationId());
    }

    /**
     * Splits the records into parts in which each user integration has one run. If two runs were written together, a
     * run that found an item unchanged would count as its writer.
     */
    private static List<List<RunBatch>> parts(List<RunRecord> records, Map<UUID, Run> runs) {
        List<List<RunBatch>> parts = new ArrayList<>();
        Map<UUID, RunBatch> part = new LinkedHashMap<>();
        for (RunRecord record : records) {
            RunBatch before = part.get(record.userIntegrationId());
            if (before != null && !before.run().id().equals(record.runId())) {
                parts.add(List.copyOf(part.values()));
                part.clear();
            }
            part.computeIfAbsent(record.userIntegrationId(), id -> new RunBatch(runOf(record, runs), new ArrayList<>()))
                    .records()
                    .add(record);
        }
        parts.add(List.copyOf(part.values()));
        return parts;
    }

    private static Run runOf(RunRecord record, Map<UUID, Run> runs) {
        return Objects.requireNonNull(runs.get(record.runId()), "known");
    }
}
