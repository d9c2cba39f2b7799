package io.tributary.sink.metrics;

import io.tributary.sink.metrics.MetricValue.Series;
import io.tributary.sink.postgres.Postgres;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * The rows of {@code metric_series} and {@code metric_point} of one batch, found and written; one statement for all.
 */
record MetricTable(Postgres postgres) {

    private static final String FIND_SERIES = """
        select wanted.position, s.id from unnest(?, ?) with ordinality as wanted (user_integration_id, key, position)
          join metric_series s using (user_integration_id, key)\
        """;

    /** Nobody else writes series of these accounts. */
    private static final String INSERT_SERIES = """
        insert into metric_series (user_integration_id, key, series, dimensions)
        select user_integration_id, key, series, dimensions::jsonb
          from unnest(?, ?, ?, ?) as given (user_integration_id, key, series, dimensions)
        on conflict do nothing\
        """;

    /** The bounds leave out partitions before any is looked at. */
    private static final String FIND = """
        select wanted.position, p.value, p.run_sequence
          from unnest(?, ?) with ordinality as wanted (series_id, at, position)
          join metric_point p on p.series_id = wanted.series_id and p.at = wanted.at
         where p.at between ?::timestamptz and ?::timestamptz\
        """;

    private static final String INSERT = """
        insert into metric_point (series_id, at, value, run_id, run_sequence) select * from unnest(?, ?, ?, ?, ?)\
        """;

    private static final String OF_GIVEN = """
          from unnest(?, ?, ?, ?, ?) as given (series_id, at, value, run_id, run_sequence)
         where p.series_id = given.series_id and p.at = given.at
           and p.at between ?::timestamptz and ?::timestamptz\
        """;

    private static final String UPDATE = """
        update metric_point p
           set value = given.value, run_id = given.run_id, run_sequence = given.run_sequence, updated_at = now()
        """ + OF_GIVEN;

    private static final String CLAIM = "update metric_point p set run_sequence = given.run_sequence\n" + OF_GIVEN;

    private static final String KEEP = """
        insert into metric_restatement (series_id, at, value, run_id, run_sequence, written_at)
        select p.series_id, p.at, p.value, p.run_id, p.run_sequence, p.updated_at
          from metric_point p, unnest(?, ?) as given (series_id, at)
         where p.series_id = given.series_id and p.at = given.at
           and p.at between ?::timestamptz and ?::timestamptz\
        """;

    /**
     * Writes the row also if it is there: its lock keeps the maintenance job from taking it before this commits. The
     * time of the first change stays, so that a day that changes all the time gets its turn.
     */
    private static final String NOTE = """
        insert into metric_change as c (series_id, day) select * from unnest(?, ?)
        on conflict (series_id, day) do update set changed_at = c.changed_at\
        """;

    private record Change(long seriesId, LocalDate day) {}

    /** The ids of series, which are created if they are new. */
    Map<Series, Long> idsOf(Set<Series> series) {
        postgres.preferIndexes();
        List<Series> wanted = List.copyOf(series);
        Map<Series, Long> ids = findSeries(wanted);
        List<Series> missing =
                wanted.stream().filter(one -> !ids.containsKey(one)).toList();
        if (!missing.isEmpty()) {
            postgres.sql(INSERT_SERIES)
                    .param(Postgres.array("uuid", missing, Series::userIntegrationId))
                    .param(Postgres.array("uuid", missing, Series::key))
                    .param(Postgres.array("text", missing, Series::name))
                    .param(Postgres.array("text", missing, Series::dimensions))
                    .update();
            ids.putAll(findSeries(missing));
        }
        return ids;
    }

    private Map<Series, Long> findSeries(List<Series> wanted) {
        Map<Series, Long> ids = HashMap.newHashMap(wanted.size());
        postgres.sql(FIND_SERIES)
                .param(Postgres.array("uuid", wanted, Series::userIntegrationId))
                .param(Postgres.array("uuid", wanted, Series::key))
                .query(row -> {
                    ids.put(wanted.get(row.getInt(1) - 1), row.getLong(2));
                });
        return ids;
    }

    /** The stored figures, by the position of their point. */
    Map<Integer, Stored> find(List<Point> points) {
        Map<Integer, Stored> found = HashMap.newHashMap(points.size());
        postgres.sql(FIND)
                .params(seriesIds(points), times(points))
                .params(first(points), last(points))
                .query(row -> {
                    found.put(row.getInt(1) - 1, new Stored(row.getBigDecimal(2), row.getLong(3)));
                });
        return found;
    }

    void insert(List<Point> points) {
        if (!points.isEmpty()) {
            postgres.sql(INSERT).params(columns(points)).update();
        }
    }

    void update(List<Point> points) {
        write(UPDATE, points);
    }

    /** Stores that a newer run has the same figure, so that no older run changes it. */
    void claim(List<Point> points) {
        write(CLAIM, points);
    }

    private void write(String sql, List<Point> points) {
        if (!points.isEmpty()) {
            postgres.sql(sql)
                    .params(columns(points))
                    .params(first(points), last(points))
                    .update();
        }
    }

    /** Keeps the values of figures that are about to change. */
    void keep(List<Point> points) {
        if (!points.isEmpty()) {
            postgres.sql(KEEP)
                    .params(seriesIds(points), times(points))
                    .params(first(points), last(points))
                    .update();
        }
    }

    /** In the order of their key: a sink that reads again what another one writes must not wait for it in a circle. */
    void noteChanges(List<Point> inserted, List<Point> updated) {
        List<Change> changes = Stream.concat(inserted.stream(), updated.stream())
                .map(point -> new Change(point.seriesId(), point.day()))
                .distinct()
                .sorted(Comparator.comparingLong(Change::seriesId).thenComparing(Change::day))
                .toList();
        if (!changes.isEmpty()) {
            postgres.sql(NOTE)
                    .param(Postgres.array("bigint", changes, Change::seriesId))
                    .param(Postgres.array("date", changes, Change::day))
                    .update();
        }
    }

    private static List<Object> columns(List<Point> points) {
        return new ArrayList<>(List.of(
                seriesIds(points),
                times(points),
                Postgres.array("numeric", points, point -> point.value().toPlainString()),
                Postgres.array("uuid", points, MetricTable::runId),
                Postgres.array("bigint", points, Point::runSequence)));
    }

    private static UUID runId(Point point) {
        return point.of().run().id();
    }

    private static SqlArrayValue seriesIds(List<Point> points) {
        return Postgres.array("bigint", points, Point::seriesId);
    }

    private static SqlArrayValue times(List<Point> points) {
        return Postgres.array("timestamptz", points, point -> point.at().toString());
    }

    private static String first(Collection<Point> points) {
        return points.stream()
                .map(Point::at)
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH)
                .toString();
    }

    private static String last(Collection<Point> points) {
        return points.stream()
                .map(Point::at)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH)
                .toString();
    }
}
