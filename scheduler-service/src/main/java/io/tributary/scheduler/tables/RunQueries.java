package io.tributary.scheduler.tables;

import io.tributary.scheduler.security.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the table sync_run. The classes of the results read their rows themselves. */
@Component
public record RunQueries(JdbcClient jdbc) {

    /**
     * A subquery for {@code exists}: the live run of the parameter {@code syncType} of a user integration, whose id
     * takes the place of {@code %s}.
     */
    public static final String LIVE_OF_TYPE = """
        select from sync_run r
        where r.user_integration_id = %s and r.sync_type = :syncType and r.finished_at is null
        """;

    /** A subquery for {@code exists}: the live exclusive run of a user integration and a sync type. */
    public static final String LIVE_EXCLUSIVE = """
        select from sync_run r
        where r.user_integration_id = %s and r.sync_type = %s and r.finished_at is null and r.exclusive
        """;

    private static final String COLUMNS = """
        id, sequence, user_integration_id, integration_domain, sync_type, status, trigger, spawned, completed, failed,
        outputs, outputs_saved, throttled_until, throttled_reason, error_code, error_message, created_at,
        started_at, finished_at
        """;

    /** Runs of a deleted account are erased in steps. */
    private static final String SHOWN =
            "not exists (select from erasure e where e.user_integration_id = r.user_integration_id)";

    private static final String GET = "select " + COLUMNS + " from sync_run r where id = :id and " + SHOWN + " and %s";

    private static final String LIST = "select " + COLUMNS + " from sync_run r where sequence < :before and " + SHOWN
            + " and %s and %s and %s order by sequence desc limit :limit";

    private static final String PROOF = """
        select status, finished_at is not null as finished, spawned, completed, failed, outputs, outputs_saved,
               outputs_dead_lettered, rows_inserted, rows_updated, rows_unchanged, rows_deleted,
               (select count(*) from user_integration_content c
                where c.user_integration_id = r.user_integration_id and c.run_id = r.id)
               + (select count(*) from metric_series s join metric_point p on p.series_id = s.id
                  where s.user_integration_id = r.user_integration_id and p.run_id = r.id) as rows_written
        from sync_run r
        where id = :id and %s and %s
        """.formatted(SHOWN, "%s");

    private static final String END = """
        select r.finished_at is not null as over, r.status = 'succeeded' as well, i.account_id, i.account_name
        from sync_run r
        join user_integration i on i.id = r.user_integration_id
        where r.id = :run
        """;

    private static final String LIVE = """
        select id from sync_run
        where user_integration_id = :id and sync_type = :syncType and finished_at is null and %s
        order by sequence limit 1
        """;

    private static final String LIVE_BACKFILL = LIVE.formatted("trigger = 'backfill' and options = :options::jsonb");

    private static final String IS_LIVE_BACKFILL =
            "select trigger = 'backfill' and finished_at is null from sync_run where id = :id and %s";

    // The condition on the user lets Postgres use an index of live runs: each of them begins with the user (V17).
    private static final String COUNT_LIVE = """
        select integration_domain, count(*) as runs, count(*) filter (where dispatched_at is null) as undispatched,
               coalesce(sum(executing), 0) as executing,
               coalesce(sum(greatest(spawned + 1 - completed - failed - executing, 0)), 0) as waiting,
               count(*) filter (where sync_type = '%s') as one_off
        from sync_run
        where user_id >= '' and finished_at is null and %s and %s
        group by integration_domain
        """.formatted(SystemRuns.ONE_OFF, SystemRuns.REQUESTED, "%s");

    // Only of the newest runs, which have the latest time.
    private static final String NEWEST = """
        select max(dispatched_at) as dispatched, max(progress_at) as progressed,
               max(finished_at) filter (where sync_type = '%s' and status = 'succeeded') as one_off
        from (select dispatched_at, progress_at, finished_at, sync_type, status
              from sync_run where %s and %s order by sequence desc limit 100) newest
        """.formatted(SystemRuns.ONE_OFF, SystemRuns.REQUESTED, "%s");

    private static final String LIVE_OF = """
        select r.id, r.sync_type, r.trigger, r.spawned, r.completed, r.failed, r.executing, r.dispatched_at,
               r.throttled_until, r.throttled_reason, r.waits_for, r.waits_until, r.error_code, r.error_message,
               r.created_at, r.started_at, r.finished_at, r.cancel_requested_at is not null as cancelled,
               r.exclusive and exists (
                 select from sync_schedule s
                 where s.user_integration_id = r.user_integration_id and s.is_default and s.sync_type = r.sync_type)
                 as is_default,
               %s as paused
        from sync_run r
        where r.user_integration_id = :id and r.finished_at is null and %s
        order by r.sequence limit 100
        """.formatted(
                    PauseTable.paused("r.integration_domain", "r.user_integration_id::text", "r.id::text"),
                    SystemRuns.REQUESTED);

    /** A run of the caller. */
    public <T> Optional<T> find(UUID id, Caller caller, RowMapper<T> row) {
        return caller.statement(jdbc, GET, "user_id").param("id", id).query(row).optional();
    }

    /**
     * Which runs to list, the newest first.
     *
     * @param userIntegrationId only its runs; null: all that the caller may see
     * @param trigger only runs of this trigger; null: all but system runs, which sync nothing
     * @param before only runs with a lower sequence
     * @param limit most runs
     */
    public record Which(
            @Nullable UUID userIntegrationId, @Nullable String trigger, long before, int limit) {}

    /** Runs that the caller may see, the newest first. */
    public <T> List<T> list(Which which, Caller caller, RowMapper<T> row) {
        String ofAccount = which.userIntegrationId() == null ? "true" : "user_integration_id = :userIntegrationId";
        String byTrigger = which.trigger() == null ? SystemRuns.REQUESTED : "trigger = :trigger";
        return caller.statement(jdbc, LIST.formatted("%s", ofAccount, byTrigger), "user_id")
                .param("before", which.before())
                .param("userIntegrationId", which.userIntegrationId())
                .param("trigger", which.trigger())
                .param("limit", which.limit())
                .query(row)
                .list();
    }

    /** The sums of a run of the caller, and the number of rows that it last wrote. */
    public <T> Optional<T> proof(UUID id, Caller caller, RowMapper<T> row) {
        return caller.statement(jdbc, PROOF, "user_id")
                .param("id", id)
                .query(row)
                .optional();
    }

    /** Whether a run is over and succeeded, and the account that it identified. */
    public <T> Optional<T> end(UUID run, RowMapper<T> row) {
        return jdbc.sql(END).param("run", run).query(row).optional();
    }

    /** The live exclusive run of a sync type. */
    public Optional<UUID> findLive(UUID userIntegrationId, String syncType) {
        return live(LIVE.formatted("exclusive"), userIntegrationId, syncType, null);
    }

    /** The live system run of a sync type, such as a connection test. */
    public Optional<UUID> findLiveSystem(UUID userIntegrationId, String syncType) {
        return live(LIVE.formatted("true"), userIntegrationId, syncType, null);
    }

    /** The live backfill with these options, a JSON object as text. */
    public Optional<UUID> findLiveBackfill(UUID userIntegrationId, String syncType, String options) {
        return live(LIVE_BACKFILL, userIntegrationId, syncType, options);
    }

    private Optional<UUID> live(String sql, UUID userIntegrationId, String syncType, @Nullable String options) {
        return jdbc.sql(sql)
                .param("id", userIntegrationId)
                .param("syncType", syncType)
                .param("options", options)
                .query(UUID.class)
                .optional();
    }

    /** The live runs of a user integration, without internal ones, the oldest first; 100 at most. */
    public <T> List<T> liveOf(UUID userIntegrationId, RowMapper<T> row) {
        return jdbc.sql(LIVE_OF).param("id", userIntegrationId).query(row).list();
    }

    /** Whether a run of the caller is a live backfill; empty: there is no such run. */
    public Optional<Boolean> isLiveBackfill(UUID run, Caller caller) {
        return caller.statement(jdbc, IS_LIVE_BACKFILL, "user_id")
                .param("id", run)
                .query(Boolean.class)
                .optional();
    }

    /** The sums of the live runs that the caller may see, a row for each platform. */
    public <T> List<T> countLive(Caller caller, RowMapper<T> row) {
        return caller.statement(jdbc, COUNT_LIVE, "user_id").query(row).list();
    }

    /** The last times of the newest runs that the caller may see. */
    public <T> T newest(Caller caller, RowMapper<T> row) {
        return caller.statement(jdbc, NEWEST, "user_id").query(row).single();
    }
}
