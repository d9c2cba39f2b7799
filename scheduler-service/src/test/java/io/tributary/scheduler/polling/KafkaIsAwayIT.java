package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.standalone.servers.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away under a running service, and comes back. */
class KafkaIsAwayIT {

    @TempDir
    private Path folder;

    @TempDir
    private Path kafkaFolder;

    @Test
    void takesTriggersMeanwhileAndDispatchesThemAfterwards() {
        var kafka = KafkaServer.start(kafkaFolder, 0);
        try {
            String bootstrapServers = kafka.bootstrapServers();
            int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
            var broker = Broker.create(bootstrapServers);
            broker.announce(ManifestJson.HELLO);
            try (var scheduler = RunningScheduler.start(folder, Database.migrated(), broker, Map.of())) {
                var ann = scheduler.user("ann");
                String id = ann.post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                        .expect(201)
                        .text("id");
                kafka.close();

                UUID run = UUID.fromString(ann.post("/v1/user-integrations/" + id + "/trigger")
                        .expect(202)
                        .text("runId"));
                ann.patch("/v1/user-integrations/" + id, "{\"config\": {\"count\": 2}}")
                        .expect(200);
                assertThat(ann.get("/v1/sync-runs/" + run).expect(200).text("status"))
                        .isEqualTo("queued");

                kafka = KafkaServer.start(kafkaFolder, port);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !scheduler.tasksOf(run).isEmpty());
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> scheduler
                                        .database()
                                        .count("select count(*) from sync_run where dispatched_at is not null")
                                == 1);
                assertThat(scheduler.tasksOf(run))
                        .extracting(task -> task.value().getTaskId())
                        .containsOnly(run);
            }
        } finally {
            kafka.close();
        }
    }
}
