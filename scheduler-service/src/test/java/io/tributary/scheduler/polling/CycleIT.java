package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.schemas.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The timers of the whole service. */
class CycleIT {

    @TempDir
    private Path folder;

    @Test
    void dispatchesAllThatIsDueInOneCycleHoweverSmallTheBatches() {
        var database = Database.migrated();
        database.jdbc().sql("""
                insert into user_integration (user_id, integration_domain, name, next_sync_at)
                select 'ann', 'hello', 'Hello ' || n, now() - interval '1 minute' from generate_series(1, 250) n
                """).update();
        UUID later = database.integration(Instant.now().plus(Duration.ofDays(1)));
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);

        try (var scheduler = RunningScheduler.start(
                folder, database, broker, Map.of("POLLING_CRON_SCHEDULE", "* * * * * *", "POLLING_BATCH_SIZE", "10"))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> database.count("select count(*) from sync_run where dispatched_at is null") == 0
                            && database.count("select count(*) from sync_run") == 250);

            List<Task> tasks = broker.<Task>read(broker.topics().tasks()).stream()
                    .map(task -> task.value())
                    .toList();
            assertThat(new HashSet<>(
                            tasks.stream().map(Task::getUserIntegrationId).toList()))
                    .hasSize(250)
                    .doesNotContain(later);
            assertThat(tasks).hasSize(250);
            // One cycle, and not 25 of them: all of its runs carry its time.
            assertThat(database.count("select count(distinct created_at) from sync_run"))
                    .isEqualTo(1);
            assertThat(scheduler.nobody().get("/actuator/health").status()).isEqualTo(200);
        }
    }

    @Test
    void takesUpWhatAnotherReplicaLeftInTheOutbox() {
        var database = Database.migrated();
        UUID run = database.run(database.integration(null), "manual");
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);

        try (var scheduler = RunningScheduler.start(folder, database, broker, Map.of())) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> scheduler.tasksOf(run).size() == 1);
        }
    }
}
