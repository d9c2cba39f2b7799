package io.tributary.scheduler.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.tables.RunOutbox;
import io.tributary.scheduler.tables.RunTable;
import io.tributary.scheduler.testing.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceJobsIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);

    @AutoClose
    private static final Database database = Database.migrated();

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "sync_stats", "audit_log", "audit_log_archive");
    }

    @Test
    void sumsUpRunsByIntegrationAndFiveMinutesHoweverOften() {
        finished("2026-04-01 11:00:00Z", "succeeded");
        finished("2026-04-01 11:04:59Z", "partial");
        finished("2026-04-01 11:05:00Z", "succeeded");
        database.run(database.integration(null), "schedule");
        UUID system = finished("2026-04-01 11:05:00Z", "succeeded");
        database.update("update sync_run set trigger = 'system' where id = :id", system);
        UUID oneOff = finished("2026-04-01 11:00:30Z", "succeeded");
        database.update("update sync_run set trigger = 'system', sync_type = 'system:oneOff' where id = :id", oneOff);
        var rollUp = new RollUpStats(database.jdbc());

        rollUp.run();
        finished("2026-04-01 11:06:00Z", "failed");
        rollUp.run();
        rollUp.run();

        assertThat(database.jdbc().sql("""
            select to_char(bucket at time zone 'UTC', 'HH24:MI') || ' ' || runs || ' ' || succeeded || ' '
                     || tasks_completed || ' ' || outputs || ' ' || run_seconds
            from sync_stats where integration_domain = 'hello' order by bucket
            """).query(String.class).list())
                .containsExactly("11:00 3 2 9 15 30", "11:05 2 1 6 10 20");
    }

    @Test
    void flagsARunThatNoWorkerHasStarted() {
        UUID untaken = dispatched("2026-04-01 11:54:59Z");
        UUID recent = dispatched("2026-04-01 11:55:01Z");
        UUID taken = dispatched("2026-04-01 11:00Z");
        database.update("update sync_run set started_at = now(), status = 'running' where id = :id", taken);

        new FlagUntakenRuns(new RunTable(database.jdbc(), new RunOutbox(database.jdbc())), Duration.ofMinutes(5), CLOCK)
                .run();

        assertThat(database.ids("select id from sync_run where error_code = 'polling.notTaken'"))
                .containsExactly(untaken)
                .doesNotContain(recent);
        assertThat(database.value("select status from sync_run where id = :id", untaken, String.class))
                .isEqualTo("queued");
    }

    @Test
    void deletesRunsThatEndedLongAgoAndNoOthers() {
        finished("2026-03-31 11:59Z", "succeeded");
        UUID kept = finished("2026-03-31 12:01Z", "succeeded");
        UUID live = dispatched("2026-01-01 00:00Z");

        PurgeOldRows.runs(database.jdbc(), Duration.ofDays(1), CLOCK).run();

        assertThat(database.ids("select id from sync_run")).containsExactlyInAnyOrder(kept, live);
    }

    @Test
    void deletesOldDeadLettersAndReplaysAndNoOthers() {
        database.jdbc().sql("""
            insert into dead_letter (kafka_partition, kafka_offset, error_code, error_message, fingerprint, attempts,
                                     record, created_at)
            select 7, n, 'c', 'm', 'retention', 1, '{}', '2026-03-31 12:00Z'::timestamptz + n * interval '1 minute'
            from generate_series(-1, 1, 2) n
            """).update();
        database.jdbc().sql("""
            insert into replay (kind, requested_by, status, finished_at)
            values ('tasks', 'retention', 'succeeded', '2026-03-31 11:59Z'),
                   ('tasks', 'retention', 'failed', '2026-03-31 12:01Z'), ('tasks', 'retention', 'queued', null)
            """).update();

        PurgeOldRows.of("dead_letter", "id", "created_at", database.jdbc(), Duration.ofDays(1), CLOCK)
                .run();
        PurgeOldRows.of("replay", "id", "finished_at", database.jdbc(), Duration.ofDays(1), CLOCK)
                .run();

        assertThat(count("dead_letter where fingerprint = 'retention'")).isEqualTo(1);
        assertThat(count("replay where requested_by = 'retention'")).isEqualTo(2);
    }

    @Test
    void deletesOneOffTasksThatEndedLongAgoHoweverManyAndNoneThatWaits() {
        UUID account = database.integration(null);
        oneOffs(account, PurgeOldRows.STEP + 1, "run_id", "gen_random_uuid()");
        oneOffs(account, 1, "cancelled_at", "'2026-03-31 11:59Z'");
        oneOffs(account, 1, "cancelled_at", "'2026-03-31 12:01Z'");
        oneOffs(account, 1, "run_id", "null");

        PurgeOldRows.oneOffTasks(database.jdbc(), Duration.ofDays(1), CLOCK).run();

        assertThat(count("one_off_task")).isEqualTo(2);
        assertThat(count("one_off_task where run_id is null and cancelled_at is null"))
                .isEqualTo(1);
    }

    private static void oneOffs(UUID account, int number, String column, String value) {
        database.jdbc()
                .sql("""
                    insert into one_off_task (user_integration_id, user_id, integration_domain, task_type, payload, run_at,
                                              created_at, %s)
                    select :id, 'ann', 'hello', 'listGreetings', '{}', '2026-01-01Z', '2026-01-01Z', %s
                    from generate_series(1, :number)
                    """.formatted(column, value))
                .param("id", account)
                .param("number", number)
                .update();
    }

    @Test
    void twoReplicasPurgeTheSameRowsWithoutWaitingForEachOther() {
        UUID locked = finished("2026-03-31 11:59Z", "succeeded");
        finished("2026-03-31 11:58Z", "succeeded");
        try (var other = database.another()) {
            other.transaction().executeWithoutResult(_ -> {
                other.value("select id from sync_run where id = :id for update", locked, UUID.class);
                PurgeOldRows.runs(database.jdbc(), Duration.ofDays(1), CLOCK).run();
            });
        }

        assertThat(database.ids("select id from sync_run")).containsExactly(locked);
    }

    @Test
    void movesOldEntriesOfTheAuditLogOnceAndLosesNone() {
        audited("2026-03-31 11:59Z", PurgeOldRows.STEP + 1);
        audited("2026-03-31 12:01Z", 1);
        var archive = PurgeOldRows.auditLog(database.jdbc(), Duration.ofDays(1), CLOCK);

        archive.run();
        archive.run();

        assertThat(count("audit_log")).isEqualTo(1);
        assertThat(count("audit_log_archive where user_id = 'ada' and status = 204"))
                .isEqualTo(PurgeOldRows.STEP + 1);
    }

    @Test
    void deletesOldEntriesOfTheAuditArchiveInStepsAndNoneOfTheLastNinetyDays() {
        audited("2023-01-01 00:00Z", PurgeOldRows.STEP + 1);
        audited("2026-03-30 12:00Z", 1);
        database.jdbc().sql("""
            insert into audit_log (at, user_id, operator, action, target, status, remote_address)
            values (now() - interval '89 days', 'ada', false, 'delete', '/young', 204, '192.0.2.1')
            """).update();
        var later = Clock.offset(Clock.systemUTC(), Duration.ofDays(1_000));
        PurgeOldRows.auditLog(database.jdbc(), Duration.ofDays(1), later).run();
        long archived = count("audit_log_archive where at >= '2025-01-01Z'");

        PurgeOldRows.auditArchive(database.jdbc(), Duration.ofDays(730), CLOCK).run();

        assertThat(count("audit_log_archive")).isEqualTo(archived);
        assertThat(count("audit_log_archive where at < '2024-04-01Z'")).isZero();

        PurgeOldRows.auditArchive(database.jdbc(), Duration.ofDays(90), later).run();

        assertThat(count("audit_log_archive where target = '/young'"))
                .as("whatever the clock says")
                .isEqualTo(1);
    }

    private static void audited(String at, int entries) {
        database.jdbc().sql("""
            insert into audit_log (at, user_id, operator, action, target, status, remote_address)
            select :at::timestamptz, 'ada', false, 'delete', '/v1/user-integrations/' || n, 204, '192.0.2.1'
              from generate_series(1, :entries) n
            """).param("at", at).param("entries", entries).update();
    }

    private static long count(String table) {
        return database.jdbc()
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    private static UUID finished(String at, String status) {
        UUID run = database.run(database.integration(null), "schedule");
        database.jdbc()
                .sql("""
                    update sync_run
                    set status = :status, finished_at = :at::timestamptz, started_at = :at::timestamptz - interval '10 seconds',
                        completed = 3, outputs = 5
                    where id = :id
                    """)
                .param("status", status)
                .param("at", at)
                .param("id", run)
                .update();
        return run;
    }

    private static UUID dispatched(String at) {
        UUID run = database.run(database.integration(null), "schedule");
        database.jdbc()
                .sql("update sync_run set dispatched_at = :at::timestamptz where id = :id")
                .param("at", at)
                .param("id", run)
                .update();
        return run;
    }
}
