package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.SystemRuns;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Flags active accounts with a condition that one query finds: a run without progress, an overdue schedule, an
 * integration that no worker has. A flag goes when its condition is over.
 */
@Component
record FlagAccounts(FlagTable flags, Manifests manifests, WatchdogProperties properties, Clock clock) {

    static final String NO_PROGRESS = "watchdog.runWithoutProgress";
    static final String OVERDUE = "watchdog.scheduleOverdue";
    static final String NO_WORKER = "watchdog.noWorker";

    // A wait that the provider asked for and a pause are states, and shown as such. A worker reports a run that it
    // knows
    // and that waits for another reason (polling.runStalled), and so does the scheduler for one that no worker has
    // begun
    // (polling.notTaken).
    private static final String RUNS_WITHOUT_PROGRESS = """
        select distinct on (r.user_integration_id, r.sync_type) r.user_integration_id, r.sync_type, r.id as run_id,
               case when r.dispatched_at is null then
                      'The run is not on the topic of tasks yet. Check that Kafka and the schema registry can be reached.'
                    when r.error_code in ('polling.runStalled', 'polling.notTaken') then coalesce(r.error_message, '')
                    else 'Nothing was reported about the run for '
                         || round(extract(epoch from :now - coalesce(r.progress_at, r.dispatched_at)) / 60)
                         || ' minutes. Check that workers with this integration and sinks are running, and their lag.'
               end as message
        from sync_run r
        join user_integration i on i.id = r.user_integration_id
        where r.user_id >= '' and r.finished_at is null and %s and i.sync_status = 'active'
          and (r.throttled_until is null or r.throttled_until <= :now)
          and (r.error_code in ('polling.runStalled', 'polling.notTaken')
               or coalesce(r.progress_at, r.dispatched_at, r.created_at) < :silent)
          and not %s
        order by r.user_integration_id, r.sync_type, r.sequence
        """.formatted(
                    SystemRuns.REQUESTED,
                    PauseTable.paused("r.integration_domain", "r.user_integration_id::text", "r.id::text"));

    private static final String OVERDUE_SCHEDULES =
            """
            select s.user_integration_id, s.sync_type, null::uuid as run_id,
                   'The schedule was due at ' || to_char(s.next_sync_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
                   || ' UTC, and no run was started. Check that a scheduler is running and keeps up.' as message
            from sync_schedule s
            join user_integration i on i.id = s.user_integration_id
            where s.next_sync_at < :overdue and i.sync_status = 'active'
              and not exists (
                select from sync_run r
                where r.user_integration_id = s.user_integration_id and r.finished_at is null and r.exclusive
                  and (s.is_default or r.sync_type = s.sync_type))
              and not %s
            """.formatted(PauseTable.paused("s.integration_domain", "s.user_integration_id::text"));

    private static final String WITHOUT_WORKER = """
        select id as user_integration_id, '' as sync_type, null::uuid as run_id,
               'No worker announces the integration ' || integration_domain
               || '. Deploy its plugin to the workers; the account is synced again without help.' as message
        from user_integration where sync_status = 'active' and integration_domain <> all (:known)
        """;

    private static final Logger log = LoggerFactory.getLogger(FlagAccounts.class);

    void run() {
        Instant now = clock.instant();
        flags.clearStopped();
        replace(NO_PROGRESS, RUNS_WITHOUT_PROGRESS, now, "silent", SqlTime.of(now.minus(properties.silentAfter())));
        replace(OVERDUE, OVERDUE_SCHEDULES, now, "overdue", SqlTime.of(now.minus(properties.overdueAfter())));
        if (manifests.caughtUp()) {
            String[] known = manifests.all().stream().map(Manifest::domain).toArray(String[]::new);
            replace(NO_WORKER, WITHOUT_WORKER, now, "known", known);
        }
    }

    private void replace(String code, String query, Instant now, String parameter, Object value) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(parameter, value);
        int raised = flags.replace(code, query, parameters, now);
        if (raised > 0) {
            log.warn("watchdog.accountsFlagged: accounts flagged code={} accounts={}", code, raised);
        }
    }
}
