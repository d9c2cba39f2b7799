package io.tributary.scheduler.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DutiesIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);

    @SuppressWarnings("NullAway.Init")
    private static Database database;

    @BeforeAll
    static void migrate() {
        database = Database.migrated();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().sql("delete from user_integration").update();
        database.jdbc().sql("delete from sync_stats").update();
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
    void saysOfARunThatNoWorkerHasTakenThatItIsSo() {
        UUID untaken = dispatched("2026-04-01 11:54:59Z");
        UUID recent = dispatched("2026-04-01 11:55:01Z");
        UUID taken = dispatched("2026-04-01 11:00Z");
        database.update("update sync_run set started_at = now(), status = 'running' where id = :id", taken);

        new FlagUntakenRuns(database.jdbc(), Duration.ofMinutes(5), CLOCK).run();

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

        new PurgeRuns(database.jdbc(), Duration.ofDays(1), CLOCK).run();

        assertThat(database.ids("select id from sync_run")).containsExactlyInAnyOrder(kept, live);
    }

    @Test
    void movesOldEntriesOfTheAuditLogOnceAndLosesNone() {
        audited("2026-03-31 11:59Z", ArchiveAuditLog.STEP + 1);
        audited("2026-03-31 12:01Z", 1);
        var archive = new ArchiveAuditLog(database.jdbc(), Duration.ofDays(1), CLOCK);

        archive.run();
        archive.run();

        assertThat(count("audit_log")).isEqualTo(1);
        assertThat(count("audit_log_archive where user_id = 'ada' and status = 204"))
                .isEqualTo(ArchiveAuditLog.STEP + 1);
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
