package io.tributary.sink.content;

import io.tributary.sink.content.ContentRow.Key;
import io.tributary.sink.content.RowChange.Stored;
import io.tributary.sink.content.RowChange.Write.Claim;
import io.tributary.sink.content.RowChange.Write.Insert;
import io.tributary.sink.content.RowChange.Write.Mark;
import io.tributary.sink.content.RowChange.Write.Nothing;
import io.tributary.sink.content.RowChange.Write.Rewrite;
import io.tributary.sink.effects.HappenedEffect;
import io.tributary.sink.effects.WriteEffects;
import io.tributary.sink.metrics.MetricValue;
import io.tributary.sink.metrics.WriteMetrics;
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
import java.util.Optional;
import java.util.UUID;

/**
 * Writes the outputs of a batch to {@code user_integration_content}: one row for each external id, from the newest run.
 * An unchanged item is not written. Figures go to {@link WriteMetrics}, and effects to {@link WriteEffects}.
 */
public record WriteOutputs(ContentTable table, WriteMetrics metrics, WriteEffects effects, Clock clock) {

    public WriteOutputs(Postgres postgres, boolean keepRestatedValues, Clock clock) {
        this(
                new ContentTable(postgres),
                new WriteMetrics(postgres, keepRestatedValues),
                new WriteEffects(postgres),
                clock);
    }

    /** An output and its run. */
    private record Sent(Run run, Item item) {}

    /** Figures and effects of a batch, and the changes of rows by its other outputs. */
    private record Sorted(List<MetricValue> values, List<HappenedEffect> effects, Map<Key, RowChange> changes) {}

    /**
     * Within the transaction that locked the runs.
     *
     * @return the effect of the outputs, for each run with outputs in the batch
     */
    public Map<UUID, RowCounts> write(List<RunBatch> batches) {
        Sorted sorted = sort(batches);
        if (sorted.values().isEmpty()
                && sorted.effects().isEmpty()
                && sorted.changes().isEmpty()) {
            return Map.of();
        }
        Map<UUID, RowCounts> written = new HashMap<>(metrics.write(sorted.values()));
        effects.write(sorted.effects(), written);
        if (!sorted.changes().isEmpty()) {
            write(sorted.changes(), written);
        }
        return counted(batches, written);
    }

    private void write(Map<Key, RowChange> changes, Map<UUID, RowCounts> written) {
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
        inserts.forEach(insert -> written.merge(insert.run().id(), RowCounts.INSERTED, RowCounts::plus));
        rewrites.forEach(rewrite -> written.merge(rewrite.run().id(), RowCounts.UPDATED, RowCounts::plus));
        marks.forEach(mark -> written.merge(mark.run().id(), RowCounts.UPDATED, RowCounts::plus));
    }

    /**
     * In the order of the topic, not run by run: a row that a newer run deleted keeps the content of the runs before,
     * which must not depend on the split of records into batches.
     */
    private static Sorted sort(List<RunBatch> batches) {
        List<Sent> outputs = new ArrayList<>();
        for (RunBatch batch : batches) {
            batch.items().forEach(item -> outputs.add(new Sent(batch.run(), item)));
        }
        outputs.sort(Comparator.comparingLong(sent -> sent.item().offset()));
        List<MetricValue> values = new ArrayList<>();
        List<HappenedEffect> effects = new ArrayList<>();
        Map<Key, RowChange> changes = new LinkedHashMap<>();
        for (Sent sent : outputs) {
            Optional<MetricValue> value = MetricValue.of(sent.run(), sent.item().output());
            if (value.isPresent()) {
                values.add(value.get());
                continue;
            }
            Optional<HappenedEffect> effect = HappenedEffect.of(sent.run(), sent.item());
            if (effect.isPresent()) {
                effects.add(effect.get());
                continue;
            }
            ContentRow row = ContentRow.of(sent.run(), sent.item().output());
            changes.compute(row.key(), (key, before) -> before == null ? RowChange.of(row) : before.then(row));
        }
        return new Sorted(values, effects, changes);
    }

    /** A written row counts for the run whose output wins; every other output changed nothing. */
    private static Map<UUID, RowCounts> counted(List<RunBatch> batches, Map<UUID, RowCounts> written) {
        Map<UUID, RowCounts> counts = new HashMap<>();
        for (RunBatch batch : batches) {
            RowCounts rows = written.getOrDefault(batch.run().id(), RowCounts.NONE);
            counts.put(batch.run().id(), rows.completedTo(batch.items().size()));
        }
        return counts;
    }
}
