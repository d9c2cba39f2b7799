package io.tributary.sink.metrics;

import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.postgres.Postgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes figures past the retention of their account, by their time, and those that were written before a requested
 * purge. A step locks one account, as a sink that writes its figures does, and deletes a bounded number of rows.
 *
 * @param every time between rounds
 * @param rows rows that one step deletes at most, 1 to 10,000
 */
public record PurgeMetrics(Postgres postgres, Clock clock, Duration every, int rows) implements MaintenanceJob {

    private static final UUID FIRST = new UUID(0, 0);

    /** The next account with figures and something to remove, maybe. */
    private static final String NEXT = """
        select u.id, u.retention_days as days,
               case when p.before > coalesce(r.purged_before, '-infinity') then p.before end as before
          from user_integration u
          left join metric_retention r on r.user_integration_id = u.id
          cross join lateral (select greatest(u.purge_before, u.purged_before)) as p (before)
         where u.id > ?
           and (u.retention_days is not null or p.before > coalesce(r.purged_before, '-infinity'))
           and exists (select from metric_series s where s.user_integration_id = u.id)
         order by u.id limit 1\
        """;

    private static final String HOLD = "select id from user_integration where id = ? for no key update";

    private static final String PURGE = """
        with old as materialized (
          select p.series_id, p.at from metric_series s join metric_point p on p.series_id = s.id
           where s.user_integration_id = :id and %s limit :rows),
        gone as (
          delete from metric_point p using old where p.series_id = old.series_id and p.at = old.at
          returning p.series_id, p.at),
        restated as (
          delete from metric_restatement r using old where r.series_id = old.series_id and r.at = old.at),
        noted as (
          insert into metric_change as c (series_id, day, removed)
          select distinct series_id, (at at time zone 'UTC')::date, true from gone order by 1, 2
          on conflict (series_id, day) do update set changed_at = excluded.changed_at, removed = true)
        select count(*) from gone\
        """;

    private static final String PAST_RETENTION = PURGE.formatted("p.at < :limit");

    private static final String WRITTEN_BEFORE = PURGE.formatted("(p.updated_at < :before or p.at < :limit)");

    /** Their sums go with them. No sink adds a figure to them meanwhile: it would need the lock of the account. */
    private static final String FORGET_SERIES = """
        delete from metric_series s
         where s.user_integration_id = ? and not exists (select from metric_point p where p.series_id = s.id)\
        """;

    private static final String DONE = """
        insert into metric_retention (user_integration_id, purged_before) values (?, ?)
        on conflict (user_integration_id) do update
           set purged_before = greatest(metric_retention.purged_before, excluded.purged_before)\
        """;

    private record Policy(
            UUID id, @Nullable Integer days, @Nullable Instant before) {}

    private record Bounds(
            UUID id, @Nullable Instant limit, @Nullable Instant before, int rows) {}

    @Override
    public String name() {
        return "metric-retention";
    }

    @Override
    public Step step(@Nullable String position) {
        UUID after = position == null ? FIRST : UUID.fromString(position);
        Optional<Policy> next = postgres.get(
                () -> postgres.sql(NEXT).param(after).query(Policy.class).optional());
        if (next.isEmpty()) {
            return new Step(null, 0);
        }
        Policy policy = next.get();
        long purged = postgres.get(() -> purge(policy));
        return new Step((purged == rows ? after : policy.id()).toString(), purged);
    }

    private long purge(Policy policy) {
        if (postgres.sql(HOLD).param(policy.id()).query(UUID.class).optional().isEmpty()) {
            return 0;
        }
        postgres.preferIndexes();
        Instant limit = policy.days() == null ? null : clock.instant().minus(Duration.ofDays(policy.days()));
        long purged = postgres.sql(
                        policy.before() == null ? PAST_RETENTION : WRITTEN_BEFORE,
                        new Bounds(policy.id(), limit, policy.before(), rows))
                .query(Long.class)
                .single();
        if (purged < rows) {
            postgres.sql(FORGET_SERIES).param(policy.id()).update();
            if (policy.before() != null) {
                postgres.sql(DONE)
                        .params(policy.id(), policy.before().atOffset(ZoneOffset.UTC))
                        .update();
            }
        }
        return purged;
    }
}
