package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.KnownManifests;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.QueueRun.Queued;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PickDueIntegrationsIT {

    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

    @AutoClose
    private static final Database database = Database.migrated();

    private final Manifests manifests = KnownManifests.of(ManifestJson.HELLO, ManifestJson.MAIL);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final PickDueIntegrations pickDue = new PickDueIntegrations(
            database.jdbc(),
            database.transaction(),
            manifests,
            new ScheduleTable(database.jdbc()),
            database.queueRun(),
            database.liveRunQuota(),
            new LatenessTimers(meters, manifests));

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "sync_pause");
    }

    @Test
    void measuresHowLateSchedulesArePicked() {
        database.integration(NOW.minusSeconds(40));
        database.integration(NOW.minusSeconds(20));

        pickDue.pick(NOW, 100);
        pickDue.pick(NOW, 100);

        Timer lateness =
                meters.get("tributary.polling.lateness").tag("domain", "hello").timer();
        assertThat(lateness.count()).isEqualTo(2);
        assertThat(lateness.totalTime(TimeUnit.SECONDS)).isEqualTo(60);
    }

    @Test
    void picksWhatIsDueAndNothingElse() {
        UUID overdue = database.integration(NOW.minusSeconds(60));
        UUID justDue = database.integration(NOW);
        database.integration(NOW.plusMillis(1));
        database.integration(null);
        database.integration("hello", "paused", NOW.minusSeconds(60));
        database.integration("hello", "expired", NOW.minusSeconds(60));
        database.integration("hello", "error", NOW.minusSeconds(60));

        assertThat(pickDue.pick(NOW, 100))
                .extracting(Queued::userIntegrationId)
                .containsExactlyInAnyOrder(overdue, justDue);
    }

    @Test
    void queuesARunAndTakesTheIntegrationOffTheSchedule() {
        UUID due = database.integration("mail", "active", NOW);

        UUID run = pickDue.pick(NOW, 100).getFirst().runId();

        assertThat(database.value(
                        "select status || ' ' || trigger || ' ' || sync_type || ' ' || integration_domain || ' ' ||"
                                + " user_id from sync_run where id = :id and dispatched_at is null and created_at ="
                                + " '2026-04-01 12:00Z'",
                        run,
                        String.class))
                .isEqualTo("queued schedule messages mail ann");
        assertThat(database.value("select next_sync_at from user_integration where id = :id", due, Instant.class))
                .isNull();
        assertThat(pickDue.pick(NOW.plus(Duration.ofDays(1)), 100)).isEmpty();
    }

    @Test
    void findsALiveRunByItsKeyThoughThePlannerBelievesThatNoneIsLive() {
        UUID account = database.integration(NOW);
        database.update("""
            insert into sync_run (user_integration_id, user_id, integration_domain, trigger, status, finished_at)
            select :id, 'ann', 'hello', 'schedule', 'succeeded', now() from generate_series(1, 5000)
            """, account);
        database.jdbc().sql("vacuum analyze sync_run").update();

        assertThat(planOf(ScheduleTable.LOCK_DUE))
                .contains("Index Cond: ((user_integration_id = s.user_integration_id)");
        assertThat(planOf("select from sync_run where id = :id and finished_at is null"))
                .contains("using sync_run_pkey");
        assertThat(planOf("select from sync_run where finished_at is null and user_id = :domain"))
                .contains("Index Cond: (user_id = ");
        assertThat(planOf("select from sync_run where finished_at is null and user_id >= ''"))
                .contains("using sync_run_live_of_user");
        assertThat(planOf("select from sync_run where cancel_requested_at is not null and finished_at is null"))
                .contains("using sync_run_cancel");
    }

    private String planOf(String sql) {
        return database.transaction().execute(_ -> {
            ByIndex.prefer(database.jdbc());
            return String.join(
                    "\n",
                    database.jdbc()
                            .sql("explain (costs off) " + sql)
                            .param("id", UUID.randomUUID())
                            .param("now", SqlTime.of(NOW))
                            .param("batchSize", 100)
                            .param("domain", "hello")
                            .param("defaultSyncType", "default")
                            .query(String.class)
                            .list());
        });
    }

    @Test
    void leavesAnIntegrationAloneWhileARunIsLive() {
        UUID due = database.integration(NOW);
        UUID run = database.run(due, "manual");

        assertThat(pickDue.pick(NOW, 100)).isEmpty();

        database.update("update sync_run set status = 'succeeded', finished_at = now() where id = :id", run);
        assertThat(pickDue.pick(NOW, 100)).hasSize(1);
    }

    @Test
    void goesBesideABackfill() {
        database.run(database.integration(NOW), "backfill");

        assertThat(pickDue.pick(NOW, 100)).hasSize(1);
    }

    @Test
    void picksTheLongestDueFirstUpToTheBatchSize() {
        UUID second = database.integration(NOW.minusSeconds(20));
        UUID third = database.integration(NOW.minusSeconds(10));
        UUID first = database.integration(NOW.minusSeconds(30));

        assertThat(pickDue.pick(NOW, 2)).extracting(Queued::userIntegrationId).containsExactlyInAnyOrder(first, second);
        assertThat(pickDue.pick(NOW, 2)).extracting(Queued::userIntegrationId).containsExactly(third);
        assertThat(pickDue.pick(NOW, 2)).isEmpty();
    }

    @Test
    void goesFromTheIntegrationThatHasTheLongestDueToTheNext() {
        UUID later = database.integration("hello", "active", NOW.minusSeconds(10));
        UUID first = database.integration("mail", "active", NOW.minusSeconds(30));
        UUID unknown = database.integration("another", "active", NOW.minusSeconds(20));
        database.integration("notyet", "active", NOW.plusSeconds(1));

        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(first);
        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(unknown);
        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(later);
        assertThat(pickDue.pick(NOW, 100)).isEmpty();
    }

    @Test
    void passesByAPausedPlatformToWhatElseIsDue() {
        database.integration("mail", "active", NOW.minusSeconds(60));
        UUID other = database.integration("hello", "active", NOW);
        pause("mail", "platform");

        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(other);
        assertThat(pickDue.pick(NOW, 100)).isEmpty();

        pause("all", "everything");
        database.jdbc().sql("delete from sync_pause where name = 'mail'").update();
        assertThat(pickDue.pick(NOW, 100)).isEmpty();
        database.jdbc().sql("delete from sync_pause").update();
        assertThat(pickDue.pick(NOW, 100)).hasSize(1);
    }

    @Test
    void passesByFurtherSyncTypesOfAPausedPlatform() {
        UUID paused = database.integration("mail", "active", null);
        schedule(paused, "presence", NOW.minusSeconds(60));
        UUID other = database.integration("hello", "active", null);
        schedule(other, "presence", NOW);
        pause("mail", "platform");

        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(other);
        assertThat(pickDue.pick(NOW, 100)).isEmpty();

        database.jdbc().sql("delete from sync_pause").update();
        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(paused);
    }

    private static void pause(String name, String kind) {
        database.jdbc()
                .sql("insert into sync_pause (name, kind, requested_by, by_operator, created_at)"
                        + " values (:name, :kind, 'ann', true, now())")
                .param("name", name)
                .param("kind", kind)
                .update();
    }

    @Test
    void passesByWhatSomebodyElseHasLocked() {
        UUID locked = database.integration(NOW.minusSeconds(60));
        UUID free = database.integration(NOW);

        database.transaction().executeWithoutResult(_ -> {
            database.update("update user_integration set name = 'Locked' where id = :id", locked);
            assertThat(pickedByAnotherReplica()).containsExactly(free);
        });

        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(locked);
    }

    @Test
    void queuesRunsOfUnknownIntegrationsTooSoThatSomebodySeesThem() {
        UUID due = database.integration("gone", "active", NOW);

        assertThat(pickDue.pick(NOW, 100)).extracting(Queued::userIntegrationId).containsExactly(due);
    }

    @Test
    void picksEachSyncTypeAtItsOwnTimeAlsoBesideARunOfAnother() {
        UUID account = database.integration(NOW);
        schedule(account, "presence", NOW);
        schedule(account, "archive", NOW.plusSeconds(1));

        var picked = pickDue.pick(NOW, 100);

        assertThat(picked).extracting(Queued::userIntegrationId).containsExactly(account, account);
        assertThat(database.value(
                        "select string_agg(sync_type, ', ' order by sync_type) from sync_run"
                                + " where user_integration_id = :id",
                        account,
                        String.class))
                .isEqualTo("default, presence");
        assertThat(pickDue.pick(NOW, 100)).isEmpty();
        assertThat(pickDue.pick(NOW.plusSeconds(1), 100)).hasSize(1);
    }

    @Test
    void stopsAndResumesAllSyncTypesWithTheirUserIntegration() {
        UUID account = database.integration("hello", "active", null);
        schedule(account, "presence", NOW);

        database.update("update user_integration set sync_status = 'expired' where id = :id", account);
        assertThat(database.count("select count(*) from sync_schedule where next_sync_at is not null"))
                .isZero();
        database.update("update user_integration set sync_status = 'active' where id = :id", account);

        assertThat(pickDue.pick(Instant.now().plusSeconds(1), 100)).hasSize(2);
    }

    @Test
    void leavesASyncTypeAloneWhileItsRunIsLiveWhenItsUserIntegrationIsResumed() {
        UUID account = database.integration("hello", "active", null);
        schedule(account, "presence", NOW);
        pickDue.pick(NOW, 100);

        database.update("update user_integration set sync_status = 'paused' where id = :id", account);
        database.update("update user_integration set sync_status = 'active' where id = :id", account);

        assertThat(database.count(
                        "select count(*) from sync_schedule where next_sync_at is not null and not is_default"))
                .isZero();
    }

    @Test
    void postponesWhatAPauseWindowHoldsBackAndGoesOnToTheRest() {
        UUID paused = database.integration(NOW.minusSeconds(60));
        database.update("""
            update sync_schedule
            set pause_windows = '[{"days": [], "from": "11:00", "to": "13:30"}]', schedule_zone = 'UTC'
            where user_integration_id = :id
            """, paused);
        UUID free = database.integration(NOW);

        assertThat(pickDue.pick(NOW, 1)).extracting(Queued::userIntegrationId).containsExactly(free);

        assertThat(database.value(
                        "select next_sync_at = '2026-04-01 13:30Z' from user_integration where id = :id",
                        paused,
                        Boolean.class))
                .isTrue();
        assertThat(pickDue.pick(NOW, 1)).isEmpty();
    }

    @Test
    void waitsForTheNextTimeOfWhatWasMissedWhereThatIsNotMadeUpFor() {
        UUID missed = database.integration(NOW.minus(Duration.ofHours(2)));
        database.update(
                "update sync_schedule set catch_up = 'none', schedule_cron = '30 * * * *' where user_integration_id ="
                        + " :id",
                missed);

        assertThat(pickDue.pick(NOW, 100)).isEmpty();

        assertThat(database.value(
                        "select next_sync_at = '2026-04-01 12:30Z' from user_integration where id = :id",
                        missed,
                        Boolean.class))
                .isTrue();
    }

    private static List<UUID> pickedByAnotherReplica() {
        try (var replica = database.another()) {
            return new PickDueIntegrations(
                            replica.jdbc(),
                            replica.transaction(),
                            KnownManifests.of(ManifestJson.HELLO),
                            new ScheduleTable(replica.jdbc()),
                            replica.queueRun(),
                            replica.liveRunQuota(),
                            new LatenessTimers(new SimpleMeterRegistry(), KnownManifests.of()))
                    .pick(NOW, 100).stream().map(Queued::userIntegrationId).toList();
        }
    }

    @Test
    void isNotHeldUpByContentThatIsWritten() {
        UUID due = database.integration(NOW);

        database.transaction().executeWithoutResult(_ -> {
            database.update("""
                insert into user_integration_content (user_integration_id, integration_domain, external_id,
                                                      content_hash, run_id, run_sequence)
                values (:id, 'hello', '1', '', gen_random_uuid(), 1)
                """, due);
            assertThat(pickedByAnotherReplica()).containsExactly(due);
        });
    }

    private static void schedule(UUID account, String syncType, Instant next) {
        database.jdbc()
                .sql("""
                    insert into sync_schedule (user_integration_id, integration_domain, sync_type, interval_seconds, next_sync_at)
                    select id, integration_domain, :syncType, 10, :next from user_integration where id = :id
                    """)
                .param("id", account)
                .param("syncType", syncType)
                .param("next", SqlTime.of(next))
                .update();
    }
}
