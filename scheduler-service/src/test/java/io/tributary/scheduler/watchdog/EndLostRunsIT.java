package io.tributary.scheduler.watchdog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Database;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run can always be ended, and its account is scheduled again. */
class EndLostRunsIT {

    @AutoClose
    private static final Database database = Database.migrated();

    private final Accounts accounts = new Accounts(database);

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "event_outbox", "worker_command", "dead_letter");
    }

    @Test
    void endsARunWhoseInitialTaskNoWorkerCouldRead() {
        UUID account = accounts.account();
        UUID run = accounts.dispatched(account, 21);
        accounts.update("update sync_run set error_code = 'polling.notTaken', error_message = '' where id = :id", run);
        letter(account);

        accounts.endLostRuns().run();

        assertLost(account, run);
    }

    @Test
    void endsARunThatNoWorkerBeganAlthoughALaterOneOfTheAccountArrived() {
        UUID account = accounts.account();
        UUID run = accounts.dispatched(account, 30);
        accounts.systemRun(account, 2);

        accounts.endLostRuns().run();

        assertLost(account, run);
        assertThat(accounts.run(run)).containsEntry("failed", 1L);
    }

    @Test
    void endsARunThatItsWorkerForgotSinceItsChangelogOrItsFinalReportWasLost() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 90), 60);
        accounts.update(
                "update sync_run set spawned = 7, completed = 5, outputs = 4, outputs_saved = 4 where id = :id", run);
        accounts.systemRun(account, 3);

        accounts.endLostRuns().run();

        assertLost(account, run);
        assertThat(accounts.run(run)).as("the sums add up").containsEntry("failed", 3L);
    }

    @Test
    void showsOutputsThatTheSinkPassedOverSinceOffsetsWentBack() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 90), 60);
        accounts.update("update sync_run set outputs = 9, outputs_saved = 4, sink_offset = 10000 where id = :id", run);
        accounts.systemRun(account, 3);

        accounts.endLostRuns().run();

        assertLost(account, run);
        assertThat(accounts.run(run)).containsEntry("outputs", 9L).containsEntry("outputs_saved", 4L);
    }

    @Test
    void leavesARunThatItsWorkerReportsAsWaiting() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 300), 200);
        accounts.update("update sync_run set error_code = 'polling.runStalled' where id = :id", run);
        accounts.systemRun(account, 3);

        accounts.endLostRuns().run();

        assertLive(run);
    }

    @Test
    void leavesRunsWhileNothingArrivesAndChecksTheAccountSoThatSomethingDoes() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 300), 200);
        accounts.update("update user_integration set health_due_at = '2026-04-01T15:00Z' where id = :id", account);

        accounts.endLostRuns().run();

        assertLive(run);
        assertThat(database.value(
                        "select health_due_at from user_integration where id = :id", account, Timestamp.class))
                .isEqualTo(Timestamp.from(Accounts.NOW));
    }

    @Test
    void leavesARunWhoseReportMayBeOnItsWay() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 300), 200);
        accounts.systemRun(account, 0);

        accounts.endLostRuns().run();

        assertLive(run);
    }

    @Test
    void leavesARunOfAnAccountWhoseLaterRunArrivedBeforeAReportWasDue() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 300), 200);
        accounts.systemRun(account, 190);

        accounts.endLostRuns().run();

        assertLive(run);
    }

    @Test
    void timesOutARunThatLivesForLongerThanAnyWorkerAllows() {
        UUID account = accounts.account();
        int beyond = (int) Duration.ofDays(7).plusHours(1).plusMinutes(1).toMinutes();
        UUID late = accounts.reported(accounts.dispatched(account, beyond), 5);
        UUID other = accounts.account();
        UUID inTime = accounts.reported(accounts.dispatched(other, beyond - 2), 5);

        accounts.endLostRuns().run();

        assertThat(accounts.run(late))
                .containsEntry("status", "timed_out")
                .containsEntry("error_code", "polling.runTimedOut");
        assertThat(accounts.schedule(account)).containsEntry("next_sync_at", Timestamp.from(Accounts.NOW));
        assertLive(inTime);
    }

    @Test
    void waitsLongerAfterFurtherLossesInARow() {
        UUID account = accounts.account();
        accounts.dispatched(account, 30);
        accounts.systemRun(account, 2);
        accounts.update("update sync_schedule set failures = 2 where user_integration_id = :id", account);

        accounts.endLostRuns().run();

        assertThat(requireNonNull((Timestamp) accounts.schedule(account).get("next_sync_at"))
                        .toInstant())
                .isBetween(Accounts.NOW.plusSeconds(1_800), Accounts.NOW.plusSeconds(1_900));
    }

    @Test
    void schedulesNoAccountThatSomebodyPaused() {
        UUID account = accounts.account();
        UUID run = accounts.dispatched(account, 30);
        accounts.systemRun(account, 2);
        accounts.update("update user_integration set sync_status = 'paused' where id = :id", account);

        accounts.endLostRuns().run();

        assertThat(accounts.run(run)).containsEntry("status", "failed");
        assertThat(accounts.schedule(account)).containsEntry("next_sync_at", null);
    }

    @Test
    void makesAScheduleDueThatNoRunWillMakeDue() {
        UUID account = accounts.account();
        accounts.update("update sync_schedule set next_sync_at = null where user_integration_id = :id", account);
        accounts.update("update user_integration set updated_at = '2026-01-01' where id = :id", account);
        UUID busy = accounts.account();
        accounts.reported(accounts.dispatched(busy, 3), 1);
        accounts.update("update user_integration set updated_at = '2026-01-01' where id = :id", busy);

        accounts.endLostRuns().run();

        assertThat(accounts.schedule(account)).containsEntry("next_sync_at", Timestamp.from(Accounts.NOW));
        assertThat(accounts.schedule(busy)).containsEntry("next_sync_at", null);
    }

    private void assertLost(UUID account, UUID run) {
        assertThat(accounts.run(run)).containsEntry("status", "failed").containsEntry("error_code", "polling.runLost");
        assertThat(accounts.schedule(account))
                .containsEntry("next_sync_at", Timestamp.from(Accounts.NOW))
                .containsEntry("failures", 1);
        assertThat(accounts.events(account, "run.failed")).containsExactly("polling.runLost");
        assertThat(database.ids("select run_id from worker_command where command = 'cancel_run'"))
                .containsExactly(run);
    }

    private void assertLive(UUID run) {
        assertThat(accounts.run(run)).containsEntry("finished_at", null);
    }

    private static void letter(UUID account) {
        database.jdbc().sql("""
            insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, error_code, error_message,
                                     fingerprint, attempts, record, created_at)
            values (0, 1, :id, 'polling.taskUnreadable', 'no such schema', 'f', 1, '{}', '2026-04-01T11:40Z')
            """).param("id", account).update();
    }
}
