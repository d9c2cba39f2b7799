package io.tributary.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.Keysets;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.Tokens;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartIT {

    @TempDir
    private Path folder;

    @Test
    void migratesAnEmptyDatabaseWithSeveralReplicasStartingAtOnce() throws Exception {
        var database = Database.empty();
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        Callable<RunningScheduler> start = () -> RunningScheduler.start(
                Files.createTempDirectory(folder, "replica"), database.another(), broker, Map.of());

        try (var threads = Executors.newCachedThreadPool()) {
            for (Future<RunningScheduler> replica : threads.invokeAll(List.of(start, start))) {
                replica.get().close();
            }
        }

        assertThat(database.count("select count(*) from flyway_schema_history where not success"))
                .isZero();
        assertThat(database.count("select count(*) from sync_run")).isZero();
        database.close();
    }

    @Test
    void doesItsWorkWithTheRightsOfItsRoleAlone() {
        var database = Database.migrated();
        TestServers.postgres().createLogin("scheduler_login", "secret", List.of("tributary_scheduler"));
        UUID due = database.integration(Instant.now());
        database.integration("fax", "active", Instant.now());
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);

        try (var scheduler = RunningScheduler.start(
                folder,
                database,
                broker,
                Map.of(
                        "spring.flyway.enabled", "false",
                        "spring.datasource.username", "scheduler_login",
                        "spring.datasource.password", "secret",
                        "POLLING_CRON_SCHEDULE", "* * * * * *"))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> database.count(
                                    "select count(*) from sync_run where dispatched_at is not null or status = 'failed'")
                            == 2);
            var operator = scheduler.operator();
            String path = "/v1/user-integrations";
            String id = operator.post(path, "{\"integrationDomain\": \"hello\"}")
                    .expect(201)
                    .text("id");
            operator.patch(path + "/" + id, "{\"name\": \"Mine\"}").expect(200);
            String run = operator.post(path + "/" + id + "/trigger").expect(202).text("runId");
            operator.get("/v1/sync-runs/" + run + "/proof").expect(200);
            operator.get("/v1/sync-runs/" + run + "/failures").expect(200);
            operator.get("/v1/user-integration-content?userIntegrationId=" + due)
                    .expect(200);
            operator.delete(path + "/" + id).expect(204);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tributary.credentials.keyset= TRIBUTARY_CREDENTIALS_KEYSET",
                "POLLING_BATCH_SIZE=0 POLLING_BATCH_SIZE",
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none SPRING_DATASOURCE_URL"
            })
    void saysWhatToDoWhenItIsMisconfigured(String settingAndWord, CapturedOutput output) {
        String setting = settingAndWord.substring(0, settingAndWord.lastIndexOf(' '));
        String word = settingAndWord.substring(settingAndWord.lastIndexOf(' ') + 1);

        startFails(Map.of(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)));

        String said = output.getAll().substring(output.getAll().indexOf("APPLICATION FAILED TO START"));
        assertThat(said).contains(word);
        assertThat(said.lines().filter(line -> line.startsWith("\tat "))).isEmpty();
    }

    private void startFails(Map<String, String> settings) {
        try (var database = Database.empty()) {
            var properties = new HashMap<>(RunningScheduler.settings(database, Broker.create()));
            properties.put(
                    "tributary.credentials.keyset",
                    Keysets.create(folder).file().toString());
            properties.put(
                    "tributary.security.public-key",
                    Tokens.rsa().writePublicKey(folder).toString());
            properties.putAll(settings);
            assertThatThrownBy(() -> SchedulerApplication.application()
                            .run(RunningScheduler.arguments(properties))
                            .close())
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
