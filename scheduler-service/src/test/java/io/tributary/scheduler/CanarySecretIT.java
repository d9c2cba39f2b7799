package io.tributary.scheduler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * A secret that went in as a credential comes out nowhere: no answer, no log of any level of ours, no topic, no table.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanarySecretIT {

    private static final String CANARY = "canary-7f3a91";

    @TempDir
    private Path folder;

    @Test
    void isSeenNowhere(CapturedOutput output) {
        var database = Database.empty();
        var broker = Broker.create();
        broker.announce(ManifestJson.MAIL);
        broker.announce(ManifestJson.CLOUD);
        var answers = new ArrayList<Api.Answer>();

        try (var scheduler = RunningScheduler.start(
                folder,
                database,
                broker,
                Map.of("logging.level.io.tributary", "trace", "logging.level.org.springframework", "debug"))) {
            var ann = scheduler.user("ann");
            var created = ann.post("/v1/user-integrations", mail("\"" + CANARY + "\""))
                    .expect(201);
            String path = "/v1/user-integrations/" + created.text("id");
            answers.add(created);
            answers.add(ann.get(path));
            answers.add(ann.get("/v1/user-integrations"));
            answers.add(
                    ann.patch(path, "{\"credentials\": {\"username\": \"ann\", \"password\": \"" + CANARY + "2\"}}"));
            answers.add(ann.post(path + "/trigger"));
            answers.add(ann.get("/v1/sync-runs"));
            // Requests that fail, in every way that quotes its input somewhere.
            answers.add(ann.post("/v1/user-integrations", mail("{\"" + CANARY + "\": 1}")));
            answers.add(ann.post("/v1/user-integrations", mail("[\"" + CANARY + "\"]")));
            answers.add(ann.post("/v1/user-integrations", mail("\"" + CANARY + "\" \"" + CANARY + "\"")));
            answers.add(ann.post("/v1/user-integrations", mail("\"" + CANARY)));
            answers.add(ann.post("/v1/user-integrations", mail(CANARY)));
            answers.add(ann.post("/v1/user-integrations", mail("\"" + CANARY + "\\u0000\\ud800\\x\"")));
            answers.add(ann.post(
                    "/v1/user-integrations", "{\"integrationDomain\": \"mail\", \"credentials\": \"" + CANARY + "\"}"));
            answers.add(ann.post(
                    "/v1/user-integrations",
                    "{\"integrationDomain\": \"cloud\", \"credentials\": {\"accessToken\": \"" + CANARY
                            + "\", \"expiresAt\": \"" + CANARY + "\"}}"));
            answers.add(ann.patch(path, "{\"credentials\": {\"apiKey\": \"" + CANARY + "\", \"password\": null}}"));
            answers.add(ann.patch(path, "{\"credentials\": {\"password\": 17, \"username\": \"" + CANARY + "\"}}"));
            // The endpoints around it: kept answers, tries, one-off tasks, pauses, the audit log.
            for (int i = 0; i < 2; i++) {
                answers.add(ann.send(ann.request("/v1/user-integrations")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "the-same")
                        .POST(BodyPublishers.ofString(mail("\"" + CANARY + "\"")))));
            }
            answers.add(ann.send(ann.request(path)
                    .header("Content-Type", "application/json")
                    .header("If-Match", "\"999\"")
                    .method(
                            "PATCH",
                            BodyPublishers.ofString(
                                    "{\"credentials\": {\"username\": \"ann\", \"password\": \"" + CANARY + "\"}}"))));
            answers.add(ann.post(path + ":test"));
            answers.add(ann.post("/sync/trigger", "{\"platform\": \"mail\"}"));
            answers.add(ann.post(
                    "/v1/user-integrations",
                    "{\"integrationDomain\": \"cloud\", \"config\": {\"baseUrl\": \"https://ann:" + CANARY
                            + "@api.example.com/\"}, \"credentials\": {\"apiKey\": \"" + CANARY + "\"}}"));
            for (String call : List.of("/sync/pause/all", "/sync/resume/all", "/sync/purge")) {
                answers.add(ann.post(call));
            }
            for (String call : List.of("/sync", "/sync/info", "/sync/status", "/sync/queue", "/sync/platforms")) {
                answers.add(ann.get(call));
            }
            answers.add(scheduler.operator().get("/v1/audit-log"));
            UUID run = UUID.fromString(answers.get(4).text("runId"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !scheduler.tasksOf(run).isEmpty());
            assertThat(scheduler.bean(Manifests.class).caughtUp()).isTrue();

            assertThat(answers)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(answer -> assertThat(
                                    answer.body() + answer.response().headers().map())
                            .doesNotContain(CANARY));
            for (String table : tables(database)) {
                assertThat(database.jdbc()
                                .sql("select row_to_json(t)::text from " + table + " t")
                                .query(String.class)
                                .list())
                        .as(table)
                        .noneMatch(row -> row.contains(CANARY) || row.contains(hex(CANARY)));
            }
            assertThat(database.count("select count(*) from user_integration")).isPositive();
            assertThat(database.count("select count(*) from idempotency_key")).isPositive();
            assertThat(database.count("select count(*) from audit_log")).isPositive();
            for (String topic : List.of(broker.topics().tasks(), broker.topics().control())) {
                assertThat(broker.read(topic, new ByteArrayDeserializer()))
                        .isNotEmpty()
                        .noneMatch(message -> new String(message.value(), ISO_8859_1).contains(CANARY));
            }
        }
        assertThat(output.getAll()).contains("manifests read").doesNotContain(CANARY);
    }

    private static String mail(String password) {
        return "{\"integrationDomain\": \"mail\", \"config\": {\"host\": \"mail.test\", \"port\": 993},"
                + " \"credentials\": {\"username\": \"ann\", \"password\": " + password + "}}";
    }

    private static List<String> tables(Database database) {
        return database.jdbc()
                .sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
    }
}
