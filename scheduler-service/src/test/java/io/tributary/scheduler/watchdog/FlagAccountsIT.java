package io.tributary.scheduler.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.manifests.KnownManifests;
import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flags of accounts by a condition of the moment. */
class FlagAccountsIT {

    @AutoClose
    private static final Database database = Database.migrated();

    private final Accounts accounts = new Accounts(database);

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "event_outbox", "sync_pause");
    }

    @Test
    void flagsARunThatItsWorkerReportsAsStalledAndClearsTheFlagWithItsProgress() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 30), 1);
        accounts.update(
                "update sync_run set error_code = 'polling.runStalled', error_message = '3 tasks execute and none"
                        + " ends.' where id = :id",
                run);

        look();

        assertThat(new FlagTable(database.jdbc()).of(account)).singleElement().satisfies(flag -> {
            assertThat(flag.code()).isEqualTo("watchdog.runWithoutProgress");
            assertThat(flag.message()).isEqualTo("3 tasks execute and none ends.");
            assertThat(flag.runId()).isEqualTo(run);
        });
        assertThat(accounts.events(account, "integration.flagged")).containsExactly("watchdog.runWithoutProgress");

        accounts.update("update sync_run set error_code = null where id = :id", run);
        look();

        assertThat(accounts.flags(account)).isEmpty();
        assertThat(accounts.events(account, "integration.flagCleared")).containsExactly("watchdog.runWithoutProgress");
    }

    @Test
    void keepsAFlagAndItsEventAsLongAsItsConditionHolds() {
        UUID account = accounts.account();
        accounts.dispatched(account, 30);

        look();
        look();

        assertThat(accounts.flags(account)).containsExactly("watchdog.runWithoutProgress");
        assertThat(accounts.events(account, "integration.flagged")).hasSize(1);
    }

    @Test
    void flagsARunThatIsNotOnTheTopic() {
        UUID account = accounts.account();
        UUID run = accounts.dispatched(account, 30);
        accounts.update("update sync_run set dispatched_at = null where id = :id", run);

        look();

        assertThat(new FlagTable(database.jdbc()).of(account))
                .singleElement()
                .satisfies(flag -> assertThat(flag.message()).contains("Kafka"));
    }

    @Test
    void flagsNoRunThatTheProviderAskedToWait() {
        UUID account = accounts.account();
        UUID run = accounts.reported(accounts.dispatched(account, 300), 200);
        accounts.update(
                "update sync_run set throttled_until = '2026-04-02', error_code = 'polling.runStalled' where id = :id",
                run);

        look();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoRunOfWhatIsPaused() {
        UUID paused = accounts.account();
        accounts.dispatched(paused, 300);
        accounts.update(
                "insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at)"
                        + " values (:id::uuid::text, 'user_integration', :id, 'ann', false, now())",
                paused);
        UUID expired = accounts.account();
        accounts.dispatched(expired, 300);
        accounts.update("update user_integration set sync_status = 'expired' where id = :id", expired);

        look();

        assertThat(accounts.flags(paused)).isEmpty();
        assertThat(accounts.flags(expired)).isEmpty();
    }

    @Test
    void flagsAnOverdueSchedule() {
        UUID late = accounts.account();
        accounts.update(
                "update sync_schedule set next_sync_at = '2026-04-01T11:54Z' where user_integration_id = :id", late);
        UUID due = accounts.account();
        accounts.update(
                "update sync_schedule set next_sync_at = '2026-04-01T11:56Z' where user_integration_id = :id", due);
        UUID busy = accounts.account();
        accounts.reported(accounts.dispatched(busy, 10), 1);
        accounts.update(
                "update sync_schedule set next_sync_at = '2026-04-01T11:50Z' where user_integration_id = :id", busy);

        look();

        assertThat(accounts.flags(late)).containsExactly("watchdog.scheduleOverdue");
        assertThat(accounts.flags(due)).isEmpty();
        assertThat(accounts.flags(busy)).isEmpty();
    }

    @Test
    void flagsAnAccountWhoseIntegrationNoWorkerAnnounces() {
        UUID known = accounts.account();
        UUID unknown = accounts.account("gopher");
        UUID paused = accounts.account("gopher");
        accounts.update("update user_integration set sync_status = 'paused' where id = :id", paused);

        look();

        assertThat(accounts.flags(unknown)).containsExactly("watchdog.noWorker");
        assertThat(accounts.flags(known)).isEmpty();
        assertThat(accounts.flags(paused)).isEmpty();
    }

    @Test
    void clearsTheFlagsOfAnAccountThatIsNotPolledAnyMore() {
        UUID account = accounts.account("gopher");
        look();
        accounts.update("update user_integration set sync_status = 'paused' where id = :id", account);

        look();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void makesNoEventOfTheFlagsOfADeletedAccount() {
        UUID account = accounts.account("gopher");
        look();

        accounts.update("delete from user_integration where id = :id", account);

        assertThat(accounts.events(account, "integration.flagCleared")).isEmpty();
    }

    private static void look() {
        new FlagAccounts(
                        new FlagTable(database.jdbc()),
                        KnownManifests.of(ManifestJson.HELLO),
                        Accounts.PROPERTIES,
                        Accounts.clock(Accounts.NOW))
                .run();
    }
}
