package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.manifests.KnownManifests;
import io.tributary.scheduler.polling.PickDueIntegrations.Picked;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PickDueIntegrationsIT {

    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private static Database database;

    private final PickDueIntegrations pickDue =
            new PickDueIntegrations(database.jdbc(), KnownManifests.of(ManifestJson.HELLO, ManifestJson.MAIL));

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
                .extracting(Picked::userIntegrationId)
                .containsExactlyInAnyOrder(overdue, justDue);
    }

    @Test
    void queuesARunAndTakesTheIntegrationOffTheSchedule() {
        UUID due = database.integration("mail", "active", NOW);

        UUID run = pickDue.pick(NOW, 100).getFirst().runId();

        assertThat(database.value(
                        "select status || ' ' || trigger || ' ' || sync_type || ' ' || integration_domain || ' ' || user_id"
                                + " from sync_run where id = :id and dispatched_at is null and created_at = '2026-04-01 12:00Z'",
                        run,
                        String.class))
                .isEqualTo("queued schedule messages mail ann");
        assertThat(database.value("select next_sync_at from user_integration where id = :id", due, Instant.class))
                .isNull();
        assertThat(pickDue.pick(NOW.plus(Duration.ofDays(1)), 100)).isEmpty();
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

        assertThat(pickDue.pick(NOW, 2)).extracting(Picked::userIntegrationId).containsExactlyInAnyOrder(first, second);
        assertThat(pickDue.pick(NOW, 2)).extracting(Picked::userIntegrationId).containsExactly(third);
        assertThat(pickDue.pick(NOW, 2)).isEmpty();
    }

    @Test
    void passesByWhatSomebodyElseHasLocked() {
        UUID locked = database.integration(NOW.minusSeconds(60));
        UUID free = database.integration(NOW);

        database.transaction().executeWithoutResult(_ -> {
            database.update("update user_integration set name = 'Locked' where id = :id", locked);
            try (var replica = database.another()) {
                var other = new PickDueIntegrations(replica.jdbc(), KnownManifests.of(ManifestJson.HELLO));
                assertThat(other.pick(NOW, 100))
                        .extracting(Picked::userIntegrationId)
                        .containsExactly(free);
            }
        });

        assertThat(pickDue.pick(NOW, 100)).extracting(Picked::userIntegrationId).containsExactly(locked);
    }

    @Test
    void queuesRunsOfUnknownIntegrationsTooSoThatSomebodySeesThem() {
        UUID due = database.integration("gone", "active", NOW);

        assertThat(pickDue.pick(NOW, 100)).extracting(Picked::userIntegrationId).containsExactly(due);
    }
}
