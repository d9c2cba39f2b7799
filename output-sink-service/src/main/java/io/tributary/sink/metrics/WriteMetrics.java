package io.tributary.sink.metrics;

import io.tributary.sink.metrics.MetricValue.Place;
import io.tributary.sink.metrics.MetricValue.Series;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RowCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Writes figures to {@code metric_point}: the value of the newest run for each series and time. An equal value is not
 * written. The days that changed are noted for {@link RollUpMetrics}.
 *
 * @param keepRestated whether replaced values are kept in {@code metric_restatement}
 */
public record WriteMetrics(MetricTable table, boolean keepRestated) {

    public WriteMetrics(Postgres postgres, boolean keepRestated) {
        this(new MetricTable(postgres), keepRestated);
    }

    /**
     * Within the transaction that locked the runs: no other one writes figures of their accounts.
     *
     * @param values in the order of the topic
     * @return the written rows, for each run that wrote some
     */
    public Map<UUID, RowCounts> write(List<MetricValue> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        List<MetricValue> wanted = newest(values);
        Set<Series> series = new LinkedHashSet<>();
        wanted.forEach(value -> series.add(value.series()));
        Map<Series, Long> ids = table.idsOf(series);
        List<Point> points = wanted.stream()
                .map(value -> new Point(Objects.requireNonNull(ids.get(value.series()), "id of a series"), value))
                .toList();
        return decide(points, table.find(points));
    }

    private Map<UUID, RowCounts> decide(List<Point> points, Map<Integer, Stored> found) {
        List<Point> inserts = new ArrayList<>();
        List<Point> updates = new ArrayList<>();
        List<Point> claims = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            Stored stored = found.get(i);
            if (stored == null) {
                inserts.add(point);
            } else if (point.runSequence() >= stored.runSequence()) {
                if (point.value().compareTo(stored.value()) != 0) {
                    updates.add(point);
                } else if (point.of().run().olderMayFollow() && point.runSequence() > stored.runSequence()) {
                    claims.add(point);
                }
            }
        }
        if (keepRestated) {
            table.keep(updates);
        }
        table.insert(inserts);
        table.update(updates);
        table.claim(claims);
        table.noteChanges(inserts, updates);
        return counted(inserts, updates);
    }

    /** The one of the newest run, and of these the last one. */
    private static List<MetricValue> newest(List<MetricValue> values) {
        Map<Place, MetricValue> newest = new LinkedHashMap<>();
        for (MetricValue value : values) {
            newest.merge(
                    value.place(),
                    value,
                    (before, next) -> next.run().sequence() < before.run().sequence() ? before : next);
        }
        return List.copyOf(newest.values());
    }

    private static Map<UUID, RowCounts> counted(List<Point> inserts, List<Point> updates) {
        Map<UUID, RowCounts> counts = new HashMap<>();
        inserts.forEach(point -> counts.merge(point.of().run().id(), RowCounts.INSERTED, RowCounts::plus));
        updates.forEach(point -> counts.merge(point.of().run().id(), RowCounts.UPDATED, RowCounts::plus));
        return counts;
    }
}
