package io.tributary.scheduler.polling;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gives the user integrations that are due a queued run each, in one statement. The run's row is its own outbox: what is
 * committed here is dispatched sooner or later, whatever crashes.
 */
public final class PickDueIntegrations {

    /** A run that was queued, and the user integration it is for. */
    public record Picked(UUID runId, UUID userIntegrationId) {}

    // Two replicas never pick the same row: one holds its lock, the other skips it; and after the commit next_sync_at
    // is
    // null. A manual trigger locks the row too, so that it either sees our run or we see its run. The conflict clause
    // is
    // for a run inserted by hand.
    private static final String PICK = """
        with due as (
          select i.id, i.user_id, i.integration_domain
          from user_integration i
          where i.sync_status = 'active'
            and i.next_sync_at <= :now
            and not exists (
              select from sync_run r
              where r.user_integration_id = i.id and r.finished_at is null and r.trigger not in ('backfill', 'replay', 'system'))
            and not exists (select from sync_pause p where p.name in ('all', i.integration_domain))
          order by i.next_sync_at
          limit :batchSize
          for update skip locked
        ), queued as (
          insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, created_at)
          select due.id, due.user_id, due.integration_domain, coalesce(known.sync_type, 'default'), 'schedule', :now
          from due
          left join unnest(:domains::text[], :syncTypes::text[]) as known (domain, sync_type)
            on known.domain = due.integration_domain
          on conflict (user_integration_id, sync_type) where finished_at is null and trigger not in ('backfill', 'replay') do nothing
          returning id, user_integration_id
        ), under_way as (
          update user_integration i set next_sync_at = null
          from queued where i.id = queued.user_integration_id
        )
        select id, user_integration_id from queued
        """;

    private final JdbcClient jdbc;
    private final Manifests manifests;

    public PickDueIntegrations(JdbcClient jdbc, Manifests manifests) {
        this.jdbc = jdbc;
        this.manifests = manifests;
    }

    /**
     * Picks those due at {@code now}, the longest due first, up to {@code batchSize}. Whoever calls it again gets the
     * next ones; empty when no other is due.
     */
    public List<Picked> pick(Instant now, int batchSize) {
        var domains = new ArrayList<String>();
        var syncTypes = new ArrayList<String>();
        for (Manifest manifest : manifests.all()) {
            domains.add(manifest.domain());
            syncTypes.add(manifest.defaultSyncType().name());
        }
        return jdbc.sql(PICK)
                .param("now", SqlTime.of(now))
                .param("batchSize", batchSize)
                .param("domains", domains.toArray(String[]::new))
                .param("syncTypes", syncTypes.toArray(String[]::new))
                .query((row, _) ->
                        new Picked(row.getObject("id", UUID.class), row.getObject("user_integration_id", UUID.class)))
                .list();
    }
}
