package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The services as processes of their own: what lands, what a second sync does, what bad input and kill -9 do.
 *
 * <p>{@code -Dpipeline.messages=5000} has the worker die over a larger mailbox [{@value #MESSAGES}]: the time that the IMAP
 * server takes grows with the square of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeparateServicesIT {

    private static final int MESSAGES = 2_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(5);

    private Pipeline pipeline;

    @SuppressWarnings("NullAway.Init") // start() sets it
    SeparateServicesIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = new Pipeline("separate", folder, Map.of()).startAll();
    }

    @AfterAll
    void stop() {
        pipeline.close();
    }

    @Test
    void landsAMailboxExactlyAndThenOnlyWhatIsNew() {
        Api api = pipeline.api("ada");
        try (var mailbox = new Mailbox().deliver(120)) {
            String account = api.connect("imap", "mail", mailbox.config(), mailbox.credentials());

            String first = api.sync(account, LONG);
            assertProven(api, first, 120);
            assertThat(sizesByMessageId(api.content(account))).isEqualTo(mailbox.sizesByMessageId());

            String second = api.sync(account, SOON);
            assertProven(api, second, 0);

            mailbox.deliver(3);
            String third = api.sync(account, SOON);
            assertProven(api, third, 3);
            assertThat(sizesByMessageId(api.content(account))).isEqualTo(mailbox.sizesByMessageId());
        }
    }

    @Test
    void losesNothingAndStoresNothingTwiceWhenTheWorkerIsKilled() {
        Api api = pipeline.api("blaise");
        int messages = Integer.getInteger("pipeline.messages", MESSAGES);
        try (var mailbox = new Mailbox().deliver(messages)) {
            String account = api.connect("imap", "big", mailbox.config(), mailbox.credentials());
            String run = api.trigger(account);

            for (int rows : List.of(messages / 10, messages * 4 / 10)) {
                await().atMost(LONG).until(() -> rowsOf(account) >= rows);
                pipeline.process("worker").kill();
                pipeline.startWorker();
            }
            api.awaitEnd(run, LONG);

            assertProven(api, run, messages);
            assertThat(sizesByMessageId(api.content(account))).isEqualTo(mailbox.sizesByMessageId());
        }
    }

    @Test
    void losesNothingAndStoresNothingTwiceWhenTheSinkIsKilled() {
        Api api = pipeline.api("carl");
        String account = api.connect("hello-world", "hello", Map.of("count", 3_000), Map.of());
        String run = api.trigger(account);

        for (int kills = 0; kills < 2; kills++) {
            long before = rowsOf(account);
            await().atMost(LONG).until(() -> rowsOf(account) > before || isOver(api, run));
            pipeline.process("sink").kill();
            pipeline.startSink();
        }
        api.awaitEnd(run, LONG);

        assertProven(api, run, 3_000);
        assertThat(rowsOf(account)).isEqualTo(3_000);
    }

    @Test
    void tellsBadInputWithinSecondsWhileOthersGoOn() {
        Api api = pipeline.api("dora");
        try (var mailbox = new Mailbox().deliver(5)) {
            assertProblem(api.tryConnect("no-such", "x", Map.of(), Map.of()), "polling.integrationNotFound");
            Api.Answer malformed = api.tryConnect(
                    "imap", "x", Map.of("host", "127.0.0.1", "port", "not a port"), mailbox.credentials());
            assertThat(malformed.status()).isBetween(400, 499);
            assertThat(malformed.body().toString()).contains("/port");

            String wrongPassword = api.connect(
                    "imap", "wrong", mailbox.config(), Map.of("username", Mailbox.USER, "password", "wrong"));
            var unreachable = new HashMap<>(mailbox.config());
            unreachable.put("port", 1);
            String nobodyThere = api.connect("imap", "unreachable", unreachable, mailbox.credentials());
            String fine = api.connect("imap", "fine", mailbox.config(), mailbox.credentials());
            String refused = api.trigger(wrongPassword);
            String alone = api.trigger(nobodyThere);
            String good = api.sync(fine, SOON);

            assertProven(api, good, 5);
            assertThat(errorCode(api.awaitEnd(refused, SOON))).isEqualTo("imap.authFailed");
            assertThat(errorCode(api.awaitEnd(alone, SOON))).isEqualTo("imap.unreachable");
            assertThat(api.get("/v1/user-integrations/" + wrongPassword)
                            .body()
                            .get("syncStatus")
                            .asString())
                    .isEqualTo("expired");
            assertThat(api.get("/v1/sync-runs/" + alone + "/failures").body().toString())
                    .contains("imap.unreachable");
        }
    }

    @Test
    void showsNoSecretInAnyTableOrLog() {
        Api api = pipeline.api("emil");
        try (var mailbox = new Mailbox().deliver(1)) {
            String account = api.connect("imap", "secret", mailbox.config(), mailbox.credentials());
            api.sync(account, SOON);

            assertThat(api.get("/v1/user-integrations/" + account).body().toString())
                    .doesNotContain(Mailbox.PASSWORD);
            for (String service : List.of("scheduler", "worker", "sink")) {
                assertThat(pipeline.process(service).log()).as(service).doesNotContain(Mailbox.PASSWORD);
            }
            for (String table : List.of("user_integration", "sync_run", "user_integration_content", "dead_letter")) {
                List<String> rows = pipeline.database()
                        .sql("select t::text from " + table + " t")
                        .query(String.class)
                        .list();
                assertThat(rows).as(table).noneMatch(row -> row.contains(Mailbox.PASSWORD));
            }
        }
    }

    private static void assertProven(Api api, String run, long outputs) {
        JsonNode proof = api.proof(run);
        assertThat(api.run(run).get("status").asString())
                .as(api.run(run).toString())
                .isEqualTo("succeeded");
        assertThat(proof.get("balanced").asBoolean()).as(proof.toString()).isTrue();
        assertThat(proof.get("outputs").asLong()).as(proof.toString()).isEqualTo(outputs);
        assertThat(proof.get("rows").asLong()).as(proof.toString()).isEqualTo(outputs);
    }

    private static void assertProblem(Api.Answer answer, String code) {
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body().get("code").asString()).isEqualTo(code);
    }

    private static String errorCode(JsonNode run) {
        return run.get("error").get("code").asString();
    }

    private static boolean isOver(Api api, String run) {
        return !api.run(run).get("finishedAt").isNull();
    }

    private long rowsOf(String account) {
        return pipeline.database()
                .sql("select count(*) from user_integration_content where user_integration_id = ?::uuid")
                .param(account)
                .query(Long.class)
                .single();
    }

    private static Map<String, Integer> sizesByMessageId(List<JsonNode> items) {
        var sizes = new HashMap<String, Integer>();
        for (JsonNode item : items) {
            Integer other = sizes.put(
                    item.get("metadata").get("messageId").asString(),
                    item.get("content").asString().getBytes(StandardCharsets.UTF_8).length);
            assertThat(other).as("a second row of one message").isNull();
        }
        return sizes;
    }
}
