package io.tributary.sink.output;

import io.tributary.sink.output.ContentRow.Key;
import io.tributary.sink.output.RowWrite.Claim;
import io.tributary.sink.output.RowWrite.Insert;
import io.tributary.sink.output.RowWrite.Mark;
import io.tributary.sink.output.RowWrite.Nothing;
import io.tributary.sink.output.RowWrite.Rewrite;
import io.tributary.sink.output.RunRecord.Item;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes the outputs of a batch to {@code user_integration_content}: one row for each external id, the newest run's.
 * What is as before is not written.
 */
final class WriteOutputs {

    private final FindStoredRows findStoredRows;
    private final WriteRows writeRows;
    private final Clock clock;

    WriteOutputs(JdbcTemplate jdbc, Clock clock) {
        this.findStoredRows = new FindStoredRows(jdbc);
        this.writeRows = new WriteRows(jdbc);
        this.clock = clock;
    }

    /**
     * Within the transaction that locked the runs.
     *
     * @return what became of the outputs, for each run of the batch that has any
     */
    Map<UUID, RowCounts> write(List<RunBatch> batches) {
        Map<Key, Change> changes = newest(batches);
        if (changes.isEmpty()) {
            return Map.of();
        }
        List<Insert> inserts = new ArrayList<>();
        List<Rewrite> rewrites = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        List<Claim> claims = new ArrayList<>();

        Map<Key, StoredRow> stored = findStoredRows.of(changes.keySet());
        changes.forEach((key, change) -> {
            switch (RowWrite.decide(change, stored.get(key))) {
                case Insert insert -> inserts.add(insert);
                case Rewrite rewrite -> rewrites.add(rewrite);
                case Mark mark -> marks.add(mark);
                case Claim claim -> claims.add(claim);
                case Nothing() -> {}
            }
        });
        writeRows.insert(inserts, clock.instant());
        writeRows.rewrite(rewrites);
        writeRows.mark(marks);
        writeRows.claim(claims);
        return counted(batches, inserts, rewrites, marks);
    }

    /**
     * In the order of the topic, not run by run: of a row that a newer run deleted, the content is what the runs before
     * left, and must not depend on how records fell into batches.
     */
    private static Map<Key, Change> newest(List<RunBatch> batches) {
        List<Said> outputs = new ArrayList<>();
        for (RunBatch batch : batches) {
            batch.items().forEach(item -> outputs.add(new Said(batch.run(), item)));
        }
        outputs.sort(Comparator.comparingLong(said -> said.item().offset()));

        Map<Key, Change> changes = new LinkedHashMap<>();
        for (Said said : outputs) {
            ContentRow row = ContentRow.of(said.run(), said.item().output());
            changes.compute(row.key(), (key, before) -> before == null ? Change.of(row) : before.then(row));
        }
        return changes;
    }

    private record Said(Run run, Item item) {}

    /** A row that is written counts for the run that has the last word on it; every other output changed nothing. */
    private static Map<UUID, RowCounts> counted(
            List<RunBatch> batches, List<Insert> inserts, List<Rewrite> rewrites, List<Mark> marks) {
        Map<UUID, RowCounts> written = new HashMap<>();
        inserts.forEach(insert -> written.merge(insert.run().id(), RowCounts.INSERTED, RowCounts::plus));
        rewrites.forEach(rewrite -> written.merge(rewrite.run().id(), RowCounts.UPDATED, RowCounts::plus));
        marks.forEach(mark -> written.merge(mark.run().id(), RowCounts.UPDATED, RowCounts::plus));

        Map<UUID, RowCounts> counts = new HashMap<>();
        for (RunBatch batch : batches) {
            RowCounts rows = written.getOrDefault(batch.run().id(), RowCounts.NONE);
            counts.put(batch.run().id(), rows.completedTo(batch.items().size()));
        }
        return counts;
    }
}
