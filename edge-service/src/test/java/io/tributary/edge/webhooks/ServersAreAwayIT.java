package io.tributary.edge.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.edge.testing.Platforms;
import io.tributary.edge.testing.RunningEdge;
import io.tributary.edge.testing.RunningEdge.Servers;
import io.tributary.standalone.servers.KafkaServer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers that the edge needs, or does not need, go away under it. */
class ServersAreAwayIT {

    @TempDir
    private Path folder;

    @TempDir
    private Path servers;

    private static int post(RunningEdge edge, String path, String body) {
        return edge.post(path, body, "X-Telegram-Bot-Api-Secret-Token", "token").status();
    }

    @Test
    void acceptsWebhooksWhilePostgresAndTheRegistryAreDown() {
        var postgres = PostgresServer.start(servers.resolve("postgres"), 0);
        var registry = RegistryServer.start(servers.resolve("registry"), 0, postgres);
        try (var edge = RunningEdge.start(
                folder,
                new Servers(TestServers.kafka().bootstrapServers(), registry.url()),
                Map.of("telegram", Platforms.TELEGRAM),
                Map.of())) {
            String path = edge.endpoint("telegram", "token");

            registry.close();
            postgres.close();

            String body = "{\"update_id\": \"" + UUID.randomUUID() + "\"}";
            assertThat(post(edge, path, body)).isEqualTo(200);
            assertThat(edge.ready()).isTrue();
        } finally {
            registry.close();
            postgres.close();
        }
    }

    @Test
    void refusesWithRetryAfterWhileKafkaIsDownAndLosesNothingThatItConfirmed() {
        var kafka = KafkaServer.start(servers.resolve("kafka"), 0);
        try {
            String address = kafka.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            try (var edge = RunningEdge.start(
                    folder,
                    new Servers(address, TestServers.registry().url()),
                    Map.of("telegram", Platforms.TELEGRAM),
                    Map.of("tributary.edge.store-timeout", "2s"))) {
                String path = edge.endpoint("telegram", "token");
                Set<String> confirmed = new HashSet<>();
                confirmed.add("{\"update_id\": 1}");
                assertThat(post(edge, path, "{\"update_id\": 1}")).isEqualTo(200);

                kafka.close();
                var refused = edge.post(path, "{\"update_id\": 2}", "X-Telegram-Bot-Api-Secret-Token", "token");

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isEqualTo("5");
                assertThat(refused.body()).contains("webhooks.notStored");
                // What cannot be genuine is refused without Kafka.
                assertThat(edge.post(path, "{}", "X-Telegram-Bot-Api-Secret-Token", "forged")
                                .status())
                        .isEqualTo(400);

                kafka = KafkaServer.start(servers.resolve("kafka"), port);
                await().atMost(Duration.ofMinutes(2)).until(() -> post(edge, path, "{\"update_id\": 2}") == 200);
                confirmed.add("{\"update_id\": 2}");
                assertThat(edge.storedBodies()).containsAll(confirmed);
            }
        } finally {
            kafka.close();
        }
    }
}
