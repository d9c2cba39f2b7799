package io.tributary.scheduler.polling;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.polling.FindDue.WhatIsDue;
import io.tributary.scheduler.polling.Schedule.Decision.Postpone;
import io.tributary.scheduler.polling.Schedule.Decision.Start;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Gives what is due a queued run, in one transaction: the default sync types, whose schedules are rows of
 * user_integration, and further ones, whose schedules are rows of sync_schedule. A run that is queued is in the outbox: what is
 * committed here is dispatched sooner or later, whatever crashes.
 */
public final class PickDueIntegrations {

    /** A run that was queued, and the user integration it is for. */
    public record Picked(UUID runId, UUID userIntegrationId) {}

    // Two replicas never pick the same row: one holds its lock, the other skips it; and after the commit next_sync_at
    // is null. A manual trigger locks the row too, so that it either sees our run or we see its run. The lock is one
    // that lets rows which refer to this one pass: content that is written meanwhile does not hide it.
    static final String LOCK_DUE = """
        select i.id, i.user_id, i.integration_domain, :syncType as sync_type, false as own_schedule, i.next_sync_at, %s
        from user_integration i
        %s
        where i.integration_domain = :domain
          and i.sync_status = 'active'
          and i.next_sync_at <= :now
          and live is null
        order by i.next_sync_at
        limit :batchSize
        for no key update of i skip locked
        """.formatted(Schedule.COLUMNS, liveRun("i.id", ":syncType"));

    // The user integration is locked as the run's reference to it would lock it anyway: one that is being deleted is
    // skipped rather than waited for with its schedule in hand.
    private static final String LOCK_DUE_OWN =
            """
        select i.id, i.user_id, i.integration_domain, s.sync_type, true as own_schedule, s.next_sync_at, %s
        from sync_schedule s
        join user_integration i on i.id = s.user_integration_id
        %s
        where s.integration_domain = :domain
          and i.sync_status = 'active'
          and s.next_sync_at <= :now
          and live is null
        order by s.next_sync_at
        limit :batchSize
        for no key update of s skip locked for key share of i skip locked
        """.formatted(Schedule.OWN_COLUMNS, liveRun("s.user_integration_id", "s.sync_type"));

    // The conflict clause is for a run inserted by hand.
    private static final String QUEUE = """
        insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, own_schedule, trigger,
                              created_at)
        select id, user_id, domain, sync_type, own_schedule, 'schedule', :now
        from unnest(:ids::uuid[], :userIds::text[], :domains::text[], :syncTypes::text[], :own::boolean[])
          as due (id, user_id, domain, sync_type, own_schedule)
        on conflict (user_integration_id, sync_type) where finished_at is null and trigger not in ('backfill', 'replay') do nothing
        returning id, user_integration_id
        """;

    private static final String SET_NEXT = """
        update user_integration i set next_sync_at = due.next
        from unnest(:ids::uuid[], :nexts::timestamptz[]) as due (id, next)
        where i.id = due.id
        """;

    private static final String SET_NEXT_OWN = """
        update sync_schedule s set next_sync_at = due.next
        from unnest(:ids::uuid[], :syncTypes::text[], :nexts::timestamptz[]) as due (id, sync_type, next)
        where s.user_integration_id = due.id and s.sync_type = due.sync_type
        """;

    /** Looks for one row by its key, of each that is due: {@code not exists} would read all live runs there are instead. */
    private static String liveRun(String userIntegration, String syncType) {
        return """
            left join lateral (
              select true as live from sync_run r
              where r.user_integration_id = %s and r.sync_type = %s
                and r.finished_at is null and r.trigger not in ('backfill', 'replay', 'system')
              limit 1) on true\
            """.formatted(userIntegration, syncType);
    }

    /** @param postponedUntil null: it is to run */
    private record Due(
            UUID id,
            String userId,
            String domain,
            String syncType,
            boolean ownSchedule,
            @Nullable Instant postponedUntil) {}

    /** What became of those that were due. */
    private record Batch(List<Picked> picked, int postponed) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final FindDue findDue;

    public PickDueIntegrations(JdbcClient jdbc, TransactionOperations transaction, Manifests manifests) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.findDue = new FindDue(jdbc);
    }

    /**
     * Picks what is due at {@code now}, up to {@code batchSize}: the longest due first of the integration that has the
     * longest due; and as many of further sync types. Whoever calls it again gets the next ones; empty when nothing else is
     * due. Where nothing is, that is one question.
     */
    public List<Picked> pick(Instant now, int batchSize) {
        WhatIsDue due = findDue.at(now);
        var picked = new ArrayList<Picked>();
        picked.addAll(pickFirst(due.domains(), domain -> lockDefault(domain, now, batchSize), now));
        picked.addAll(pickFirst(due.further(), domain -> lockOthers(domain, now, batchSize), now));
        return picked;
    }

    /** Picks of the first integration of which something can be picked. */
    private List<Picked> pickFirst(List<String> domains, Function<String, List<Due>> lock, Instant now) {
        for (String domain : domains) {
            List<Picked> picked = pickAll(() -> lock.apply(domain), now);
            if (!picked.isEmpty()) {
                return picked;
            }
        }
        return List.of();
    }

    private List<Picked> pickAll(Supplier<List<Due>> lock, Instant now) {
        Batch batch;
        do {
            batch = Objects.requireNonNull(transaction.execute(_ -> pickBatch(lock, now)));
        } while (batch.picked().isEmpty() && batch.postponed() > 0);
        return batch.picked();
    }

    private Batch pickBatch(Supplier<List<Due>> lock, Instant now) {
        ByIndex.prefer(jdbc);
        List<Due> due = lock.get();
        setNext(due.stream().filter(each -> !each.ownSchedule()).toList());
        setNextOwn(due.stream().filter(Due::ownSchedule).toList());
        var starting =
                due.stream().filter(each -> each.postponedUntil() == null).toList();
        return new Batch(starting.isEmpty() ? List.of() : queue(starting, now), due.size() - starting.size());
    }

    private List<Due> lockDefault(String domain, Instant now, int batchSize) {
        String syncType = manifests
                .find(domain)
                .map(manifest -> manifest.defaultSyncType().name())
                .orElse("default");
        return jdbc.sql(LOCK_DUE)
                .param("now", SqlTime.of(now))
                .param("batchSize", batchSize)
                .param("domain", domain)
                .param("syncType", syncType)
                .query((row, _) -> due(row, now))
                .list();
    }

    private List<Due> lockOthers(String domain, Instant now, int batchSize) {
        return jdbc.sql(LOCK_DUE_OWN)
                .param("domain", domain)
                .param("now", SqlTime.of(now))
                .param("batchSize", batchSize)
                .query((row, _) -> due(row, now))
                .list();
    }

    // The completion of a run says when it is due again.
    private void setNext(List<Due> due) {
        if (!due.isEmpty()) {
            jdbc.sql(SET_NEXT)
                    .param("ids", texts(due, each -> each.id().toString()))
                    .param("nexts", texts(due, PickDueIntegrations::next))
                    .update();
        }
    }

    private void setNextOwn(List<Due> due) {
        if (!due.isEmpty()) {
            jdbc.sql(SET_NEXT_OWN)
                    .param("ids", texts(due, each -> each.id().toString()))
                    .param("syncTypes", texts(due, Due::syncType))
                    .param("nexts", texts(due, PickDueIntegrations::next))
                    .update();
        }
    }

    private List<Picked> queue(List<Due> due, Instant now) {
        return jdbc.sql(QUEUE)
                .param("now", SqlTime.of(now))
                .param("ids", texts(due, each -> each.id().toString()))
                .param("userIds", texts(due, Due::userId))
                .param("domains", texts(due, Due::domain))
                .param("syncTypes", texts(due, Due::syncType))
                .param("own", texts(due, each -> Boolean.toString(each.ownSchedule())))
                .query((row, _) ->
                        new Picked(row.getObject("id", UUID.class), row.getObject("user_integration_id", UUID.class)))
                .list();
    }

    private static @Nullable String next(Due due) {
        return due.postponedUntil() == null ? null : due.postponedUntil().toString();
    }

    private static @Nullable String[] texts(List<Due> due, Function<Due, @Nullable String> text) {
        return due.stream().map(text).toArray(String[]::new);
    }

    private static Due due(ResultSet row, Instant now) throws SQLException {
        var decision = Schedule.read(row).decide(SqlTime.read(row, "next_sync_at"), now);
        return new Due(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                row.getString("integration_domain"),
                row.getString("sync_type"),
                row.getBoolean("own_schedule"),
                switch (decision) {
                    case Start() -> null;
                    case Postpone(Instant until) -> until;
                });
    }
}
