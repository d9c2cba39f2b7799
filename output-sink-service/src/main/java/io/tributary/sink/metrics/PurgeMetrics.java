package io.tributary.sink.metrics;

import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.postgres.Postgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes figures past the retention of their account, by their time, and those that were written before a requested
 * purge. A step passes the accounts that have nothing to remove, locks the next one, as a sink that writes its figures
 * does, and deletes a bounded number of rows.
 *
 * @param every time between rounds
 * @param rows rows that one step deletes at most of each table, 1 to 10,000
 */
public record PurgeMetrics(Postgres postgres, Clock clock, Duration every, int rows) implements MaintenanceJob {

    private static final UUID FIRST = new UUID(0, 0);

    /** Accounts that one step looks at. */
    private static final int ACCOUNTS = 100;

    /** The next accounts that have figures, and a retention or a purge that is not done. */
    private static final String NEXT = """
        select u.id, u.retention_days as days,
               case when p.before > coalesce(r.purged_before, '-infinity') then p.before end as before
          from user_integration u
          left join metric_retention r on r.user_integration_id = u.id
          cross join lateral (select greatest(u.purge_before, u.purged_before)) as p (before)
         where u.id > ?
           and (u.retention_days is not null or p.before > coalesce(r.purged_before, '-infinity'))
           and exists (select from metric_series s where s.user_integration_id = u.id)
         order by u.id limit %d\
        """.formatted(ACCOUNTS);

    private static final String PAST_RETENTION_EXISTS = """
        select exists (select from metric_series s join metric_point p on p.series_id = s.id
                        where s.user_integration_id = :id and p.at < :limit)\
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
          on conflict (series_id, day) do update set removed = true)
        select series_id from gone\
        """;

    private static final String PAST_RETENTION = PURGE.formatted("p.at < :limit");

    private static final String WRITTEN_BEFORE = PURGE.formatted("(p.updated_at < :before or p.at < :limit)");

    /** Values that a newer one replaced after the purge was requested. */
    private static final String RESTATED_BEFORE = """
        delete from metric_restatement where id in (
          select r.id from metric_series s join metric_restatement r on r.series_id = s.id
           where s.user_integration_id = :id and r.written_at < :before limit :rows)\
        """;

    /**
     * Postgres deletes the sums of these series as well. No sink adds a figure to them meanwhile: it would need the
     * lock of the account. In the order in which {@link RollUpMetrics} locks series.
     */
    private static final String FORGET_SERIES = """
        with empty as materialized (
          select s.id from metric_series s
           where s.id = any(?) and not exists (select from metric_point p where p.series_id = s.id)
           order by s.id for update)
        delete from metric_series s using empty where s.id = empty.id\
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

    /**
     * The result of a step for an account.
     *
     * @param all whether nothing is left to remove
     */
    private record Purged(long rows, boolean all) {}

    @Override
    public String name() {
        return "metric-retention";
    }

    @Override
    public Step step(@Nullable String position) {
        UUID begin = position == null ? FIRST : UUID.fromString(position);
        List<Policy> page = postgres.get(
                () -> postgres.sql(NEXT).param(begin).query(Policy.class).list());
        UUID after = begin;
        for (Policy policy : page) {
            if (isDue(policy)) {
                Purged purged = postgres.get(() -> purge(policy));
                return new Step((purged.all() ? policy.id() : after).toString(), purged.rows());
            }
            after = policy.id();
        }
        return new Step(page.size() < ACCOUNTS ? null : after.toString(), 0);
    }

    private boolean isDue(Policy policy) {
        return policy.before() != null
                || postgres.get(() -> {
                    postgres.preferIndexes();
                    return postgres.sql(PAST_RETENTION_EXISTS, bounds(policy))
                            .query(Boolean.class)
                            .single();
                });
    }

    private Bounds bounds(Policy policy) {
        Instant limit = policy.days() == null ? null : clock.instant().minus(Duration.ofDays(policy.days()));
        return new Bounds(policy.id(), limit, policy.before(), rows);
    }

    private Purged purge(Policy policy) {
        if (postgres.sql(HOLD).param(policy.id()).query(UUID.class).optional().isEmpty()) {
            return new Purged(0, true);
        }
        postgres.preferIndexes();
        Bounds bounds = bounds(policy);
        List<Long> purged = postgres.sql(policy.before() == null ? PAST_RETENTION : WRITTEN_BEFORE, bounds)
                .query(Long.class)
                .list();
        if (!purged.isEmpty()) {
            postgres.sql(FORGET_SERIES)
                    .param(Postgres.array("bigint", Set.copyOf(purged), id -> id))
                    .update();
        }
        int restated = policy.before() == null
                ? 0
                : postgres.sql(RESTATED_BEFORE, bounds).update();
        boolean all = purged.size() < rows && restated < rows;
        if (all && policy.before() != null) {
            postgres.sql(DONE)
                    .params(policy.id(), policy.before().atOffset(ZoneOffset.UTC))
                    .update();
        }
        return new Purged(purged.size() + restated, all);
    }
}
