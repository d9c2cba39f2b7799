package io.tributary.scheduler.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.testing.Database;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PauseConfirmationsIT {

    private static final Instant PAUSED = Instant.parse("2026-04-01T12:00:00Z");
    private static final Instant DUE = PAUSED.plus(PauseConfirmations.EVERY);

    @AutoClose
    private static final Database database = Database.migrated();

    private final PauseConfirmations confirmations = new PauseConfirmations(database.jdbc());

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "sync_pause", "worker_command");
    }

    @Test
    void sendsAPauseAgainAsLongAsAWorkerMayHaveARunOfTheAccount() {
        UUID account = paused();
        UUID run = dispatched(account, "schedule");

        confirmations.confirm(DUE.minusSeconds(1));
        assertThat(commands()).as("not yet").isEmpty();

        confirmations.confirm(DUE);
        confirmations.confirm(DUE.plusSeconds(60));
        assertThat(commands()).containsExactly("pause " + account + " -");

        confirmations.confirm(DUE.plus(PauseConfirmations.EVERY));
        assertThat(commands()).hasSize(2);

        database.update("update sync_run set status = 'succeeded', finished_at = now() where id = :id", run);
        confirmations.confirm(DUE.plus(PauseConfirmations.EVERY.multipliedBy(2)));
        assertThat(commands()).hasSize(2);
        assertThat(database.count("select count(*) from sync_pause where confirm_at is null"))
                .as("not looked at again")
                .isEqualTo(1);
    }

    @Test
    void sendsNothingForAnAccountWhoseRunsNoWorkerHas() {
        database.run(paused(), "schedule");

        confirmations.confirm(DUE);

        assertThat(commands()).isEmpty();
    }

    @Test
    void sendsThePauseOfABackfillAgain() {
        UUID account = database.integration(null);
        UUID run = dispatched(account, "backfill");
        database.jdbc()
                .sql("""
                    insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at,
                                            confirm_at)
                    values (:run::uuid::text, 'backfill', :id, 'ann', false, now(), :at)
                    """)
                .param("run", run)
                .param("id", account)
                .param("at", SqlTime.of(DUE))
                .update();

        confirmations.confirm(DUE);

        assertThat(commands()).containsExactly("pause_run " + account + " " + run);
    }

    @Test
    void leavesAPauseThatIsBeingEndedToItsEnd() {
        UUID account = paused();
        dispatched(account, "schedule");
        try (var other = database.another()) {
            other.transaction().executeWithoutResult(_ -> {
                other.value("select id from user_integration where id = :id for no key update", account, UUID.class);
                confirmations.confirm(DUE);
            });
        }

        assertThat(commands()).isEmpty();
    }

    @Test
    void looksOnlyAtPausesThatAreDue() {
        for (String statement : List.of(PauseConfirmations.CONFIRM_ACCOUNTS, PauseConfirmations.CONFIRM_BACKFILLS)) {
            String plan = database.transaction().execute(_ -> {
                ByIndex.prefer(database.jdbc());
                return String.join(
                        "\n",
                        database.jdbc()
                                .sql("explain (costs off) " + statement.formatted("x as (select) select from due"))
                                .param("now", SqlTime.of(DUE))
                                .param("batch", 500)
                                .query(String.class)
                                .list());
            });
            assertThat(plan).contains("sync_pause_confirm").doesNotContain("Seq Scan");
        }
    }

    private static UUID paused() {
        UUID account = database.integration("hello", "paused", null);
        database.jdbc()
                .sql("""
                    insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at,
                                            confirm_at)
                    values (:id::uuid::text, 'user_integration', :id, 'ann', false, now(), :at)
                    """)
                .param("id", account)
                .param("at", SqlTime.of(DUE))
                .update();
        return account;
    }

    private static UUID dispatched(UUID account, String trigger) {
        UUID run = database.run(account, trigger);
        database.update("update sync_run set dispatched_at = now() where id = :id", run);
        return run;
    }

    private static List<String> commands() {
        return database.jdbc()
                .sql("select command || ' ' || user_integration_id || ' ' || coalesce(run_id::text, '-')"
                        + " from worker_command order by id")
                .query(String.class)
                .list();
    }
}
