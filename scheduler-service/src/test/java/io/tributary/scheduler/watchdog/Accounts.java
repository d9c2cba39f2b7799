package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.schedules.RestartSchedules;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.tables.LostRuns;
import io.tributary.scheduler.tables.RunHistory;
import io.tributary.scheduler.testing.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Accounts with runs and histories, and the watchdog's parts at a time that a test sets. */
final class Accounts {

    static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

    static final WatchdogProperties PROPERTIES = new WatchdogProperties(
            Duration.ofSeconds(15),
            Duration.ofDays(7),
            Duration.ofHours(1),
            Duration.ofMinutes(20),
            Duration.ofMinutes(5),
            3,
            Duration.ofDays(8),
            Duration.ofHours(4));

    private final Database database;

    Accounts(Database database) {
        this.database = database;
    }

    /** An active account of a domain that was made long ago, with the default schedule of 15 minutes. */
    UUID account(String domain) {
        UUID id = database.integration(domain, "active", NOW.plusSeconds(600));
        database.jdbc()
                .sql("update user_integration set created_at = :at, updated_at = :at where id = :id")
                .param("at", SqlTime.of(NOW.minus(Duration.ofDays(100))))
                .param("id", id)
                .update();
        return id;
    }

    UUID account() {
        return account("hello");
    }

    /** A live run that was dispatched some minutes ago; its schedule waits for it. */
    UUID dispatched(UUID account, int minutesAgo) {
        UUID run = database.run(account, "schedule");
        set(run, "dispatched_at", minutesAgo);
        set(run, "created_at", minutesAgo);
        database.update("update sync_schedule set next_sync_at = null where user_integration_id = :id", account);
        return run;
    }

    /** The sink had a report of it. */
    UUID reported(UUID run, int minutesAgo) {
        set(run, "started_at", minutesAgo);
        set(run, "progress_at", minutesAgo);
        database.update("update sync_run set status = 'running' where id = :id", run);
        return run;
    }

    /** A system run of the account, dispatched and reported. */
    UUID systemRun(UUID account, int minutesAgo) {
        UUID run = database.run(account, "system");
        set(run, "dispatched_at", minutesAgo);
        return reported(run, minutesAgo);
    }

    private void set(UUID run, String column, int minutesAgo) {
        database.jdbc()
                .sql("update sync_run set " + column + " = :at where id = :id")
                .param("at", SqlTime.of(NOW.minus(Duration.ofMinutes(minutesAgo))))
                .param("id", run)
                .update();
    }

    void update(String sql, UUID id) {
        database.update(sql, id);
    }

    /** A past run: when it ended, and what it brought. */
    record Past(Instant endedAt, String status, long outputs) {}

    /** Adds runs that are over, in their order. */
    void history(UUID account, List<Past> runs) {
        database.jdbc()
                .sql("""
                    insert into sync_run (user_integration_id, user_id, integration_domain, trigger, status, outputs,
                                          rows_inserted, created_at, dispatched_at, started_at, progress_at, finished_at, completed)
                    select :id, 'ann', 'hello', 'schedule', status, outputs, outputs, at - interval '5 seconds',
                           at - interval '4 seconds', at - interval '3 seconds', at, at, 1
                    from unnest(:at::timestamptz[], :statuses::text[], :outputs::bigint[]) with ordinality
                      as past (at, status, outputs, place)
                    order by place
                    """)
                .param("id", account)
                .param("at", runs.stream().map(run -> run.endedAt().toString()).toArray(String[]::new))
                .param("statuses", runs.stream().map(Past::status).toArray(String[]::new))
                .param(
                        "outputs",
                        runs.stream().map(run -> Long.toString(run.outputs())).toArray(String[]::new))
                .update();
    }

    /** The codes of an account's flags. */
    List<String> flags(UUID account) {
        return new FlagTable(database.jdbc())
                .of(account).stream().map(FlagTable.Flag::code).toList();
    }

    Map<String, Object> run(UUID id) {
        return database.jdbc()
                .sql("select * from sync_run where id = :id")
                .param("id", id)
                .query()
                .singleRow();
    }

    Map<String, Object> schedule(UUID account) {
        return database.jdbc()
                .sql("select * from sync_schedule where user_integration_id = :id and is_default")
                .param("id", account)
                .query()
                .singleRow();
    }

    List<String> events(UUID account, String type) {
        return database.jdbc()
                .sql("select code from event_outbox where user_integration_id = :id and type = :type order by sequence")
                .param("id", account)
                .param("type", type)
                .query(String.class)
                .list();
    }

    EndLostRuns endLostRuns() {
        var schedules = new ScheduleTable(database.jdbc());
        return new EndLostRuns(
                new LostRuns(database.jdbc()),
                new AccountTable(database.jdbc()),
                database.transaction(),
                new RestartSchedules(database.jdbc(), schedules),
                PROPERTIES,
                clock(NOW));
    }

    JudgeRuns judgeRuns(Clock clock) {
        return new JudgeRuns(new RunHistory(database.jdbc()), new FlagTable(database.jdbc()), PROPERTIES, clock);
    }

    static Clock clock(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
