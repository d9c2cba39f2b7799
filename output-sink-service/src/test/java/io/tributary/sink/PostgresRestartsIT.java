package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.servers.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

/** Fault: Postgres goes away under load, stays away, and comes back. */
class PostgresRestartsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void losesAndCountsNothingTwiceAndSaysWhatItWaitsFor(@TempDir Path folder) {
        var postgres = PostgresServer.start(folder, 0);
        try (var topics = new SinkTopics();
                var database = SinkDatabase.on(postgres)) {
            var workload = new Workload(database, 8);
            try (var sink = RunningSink.start(
                    database, topics, "sink-" + UUID.randomUUID(), "--tributary.sink.batch-records=20")) {
                workload.send(topics, 500);
                await().atMost(PATIENCE).until(() -> workload.rows() > 500);

                postgres.close();
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(sink.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(sink.health().getDetails()).containsEntry("waitsFor", "postgres");
                });
                workload.send(topics, 100);
                workload.end(topics);
                postgres = PostgresServer.start(folder, postgres.port());

                await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 8);
                await().atMost(PATIENCE).until(() -> sink.health().getStatus().equals(Status.UP));
            }
            assertThat(workload.rows()).isEqualTo(8 * 600);
            assertThat(workload.provenRuns()).isEqualTo(8);
        } finally {
            postgres.close();
        }
    }
}
