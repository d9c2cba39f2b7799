package io.tributary.sink.metrics;

import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.postgres.Postgres;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes the sums of figures by 5 minutes, hour and day again, for each day of a series that changed since the last
 * round. So its cost follows what changed, and restated values of the past are in their sums as well. A round ends with
 * the changes that were noted before it began, so that other jobs get their turn however many follow.
 *
 * @param every time between rounds
 * @param days days of series that one step computes, 1 to 10,000; each may have thousands of figures
 */
public record RollUpMetrics(Postgres postgres, Duration every, int days) implements MaintenanceJob {

    private static final int DAYS_OF_A_STEP = 100;

    /**
     * A transaction that changes a figure holds a lock of the row, so such a row is left to the next round. The figures
     * are read by another statement, which sees all that was committed before these rows were locked.
     */
    private static final String TAKE = """
        delete from metric_change where (series_id, day) in (
          select series_id, day from metric_change where changed_at <= ?::timestamptz
           order by changed_at limit ? for update skip locked)
        returning series_id, day, removed\
        """;

    private static final String NOW = "select now()::text";

    /** Waits for an erasure that is deleting a series, and keeps one from beginning. */
    private static final String HOLD_SERIES =
            "select id from metric_series where id = any(?) order by id for key share";

    private static final String STEPS = """
        unnest(?, ?) as changed (series_id, day)
          cross join (values (5), (60), (1440)) as steps (minutes)
          cross join lateral (
            select changed.day::timestamp at time zone 'UTC',
                   (changed.day + 1)::timestamp at time zone 'UTC') as bounds (first, behind)\
        """;

    private static final String COMPUTE = """
        insert into metric_rollup as r (series_id, step_minutes, bucket, points, total, least, greatest, last)
        select p.series_id, steps.minutes,
               date_bin(make_interval(mins => steps.minutes), p.at, '2000-01-01 00:00:00+00'),
               count(*), sum(p.value), min(p.value), max(p.value), (array_agg(p.value order by p.at desc))[1]
          from %s
          join metric_point p
            on p.series_id = changed.series_id and p.at >= bounds.first and p.at < bounds.behind
         group by 1, 2, 3
        on conflict (series_id, step_minutes, bucket) do update
           set points = excluded.points, total = excluded.total, least = excluded.least,
               greatest = excluded.greatest, last = excluded.last
         where (r.points, r.total, r.least, r.greatest, r.last)
           is distinct from (excluded.points, excluded.total, excluded.least, excluded.greatest, excluded.last)\
        """.formatted(STEPS);

    private static final String REMOVE = """
        delete from metric_rollup r using %s
         where r.series_id = changed.series_id and r.step_minutes = steps.minutes
           and r.bucket >= bounds.first and r.bucket < bounds.behind
           and not exists (
             select from metric_point p
              where p.series_id = r.series_id and p.at >= r.bucket
                and p.at < r.bucket + make_interval(mins => steps.minutes))\
        """.formatted(STEPS);

    private record Changed(long seriesId, LocalDate day, boolean removed) {}

    public RollUpMetrics(Postgres postgres, Duration every) {
        this(postgres, every, DAYS_OF_A_STEP);
    }

    @Override
    public String name() {
        return "metric-rollups";
    }

    @Override
    public Step step(@Nullable String position) {
        String begin = position == null
                ? postgres.get(() -> postgres.sql(NOW).query(String.class).single())
                : position;
        int taken = postgres.get(() -> compute(begin));
        return new Step(taken < days ? null : begin, 0);
    }

    private int compute(String begin) {
        List<Changed> changed =
                postgres.sql(TAKE).params(begin, days).query(Changed.class).list();
        postgres.preferIndexes();
        Set<Long> held = new HashSet<>(postgres.sql(HOLD_SERIES)
                .param(Postgres.array("bigint", changed, Changed::seriesId))
                .query(Long.class)
                .list());
        List<Changed> present =
                changed.stream().filter(day -> held.contains(day.seriesId())).toList();
        run(COMPUTE, present);
        run(REMOVE, present.stream().filter(Changed::removed).toList());
        return changed.size();
    }

    private void run(String sql, List<Changed> changed) {
        if (!changed.isEmpty()) {
            postgres.sql(sql)
                    .param(Postgres.array("bigint", changed, Changed::seriesId))
                    .param(Postgres.array("date", changed, Changed::day))
                    .update();
        }
    }
}
