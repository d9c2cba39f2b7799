package io.tributary.sink.content;

import io.tributary.sink.content.ContentRow.Key;
import io.tributary.sink.content.RowChange.Stored;
import io.tributary.sink.content.RowChange.Write.Claim;
import io.tributary.sink.content.RowChange.Write.Insert;
import io.tributary.sink.content.RowChange.Write.Mark;
import io.tributary.sink.content.RowChange.Write.Nothing;
import io.tributary.sink.content.RowChange.Write.Rewrite;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes the outputs of a batch to {@code user_integration_content}: one row for each external id, from the newest run.
 * An unchanged item is not written.
 */
public record WriteOutputs(ContentTable table, Clock clock) {

    public WriteOutputs(Postgres postgres, Clock clock) {
        this(new ContentTable(postgres), clock);
    }

    /**
     * Within the transaction that locked the runs.
     *
     * @return the effect of the outputs, for each run with outputs in the batch
     */
    public Map<UUID, RowCounts> write(List<RunBatch> batches) {
        Map<Key, RowChange> changes = newest(batches);
        if (changes.isEmpty()) {
            return Map.of();
        }
        List<Insert> inserts = new ArrayList<>();
        List<Rewrite> rewrites = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        List<Claim> claims = new ArrayList<>();
        Map<Key, Stored> stored = table.find(changes.keySet());
        changes.forEach((key, change) -> {
            switch (change.against(stored.get(key))) {
                case Insert insert -> inserts.add(insert);
                case Rewrite rewrite -> rewrites.add(rewrite);
                case Mark mark -> marks.add(mark);
                case Claim claim -> claims.add(claim);
                case Nothing() -> {}
            }
        });
        table.insert(inserts, clock.instant());
        table.rewrite(rewrites);
        table.mark(marks);
        table.claim(claims);
        return counted(batches, inserts, rewrites, marks);
    }

    /**
     * In the order of the topic, not run by run: a row that a newer run deleted keeps the content of the runs before,
     * which must not depend on the split of records into batches.
     */
    private static Map<Key, RowChange> newest(List<RunBatch> batches) {
        record Sent(Run run, Item item) {}
        List<Sent> outputs = new ArrayList<>();
        for (RunBatch batch : batches) {
            batch.items().forEach(item -> outputs.add(new Sent(batch.run(), item)));
        }
        outputs.sort(Comparator.comparingLong(sent -> sent.item().offset()));
        Map<Key, RowChange> changes = new LinkedHashMap<>();
        for (Sent sent : outputs) {
            ContentRow row = ContentRow.of(sent.run(), sent.item().output());
            changes.compute(row.key(), (key, before) -> before == null ? RowChange.of(row) : before.then(row));
        }
        return changes;
    }

    /** A written row counts for the run whose output wins; every other output changed nothing. */
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
