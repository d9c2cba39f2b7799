package io.tributary.pipeline;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.pipeline.cloud.CloudIntegration;
import io.tributary.standalone.oidc.OidcProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The services as processes of their own: what lands, what a second sync does, what bad input and kill -9 do.
 *
 * <p>{@code -Dpipeline.messages=5000} has the worker die over a larger mailbox [{@value #MESSAGES}]: the time that the
 * IMAP server takes grows with the square of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeparateServicesIT {

    private static final int MESSAGES = 2_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(5);

    private Pipeline pipeline;
    private OidcProvider provider;

    @SuppressWarnings("NullAway.Init") // start() sets them
    SeparateServicesIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = new Pipeline("separate", folder, Map.of())
                .withPlugin(PluginJar.pack(folder, CloudIntegration.class))
                .startAll();
        // The secret in the body is what a worker tries first: its first request is the one that rotates.
        provider = OidcProvider.start(Duration.ofHours(1), "client_secret_post", List.of("http://127.0.0.1/callback"));
    }

    @AfterAll
    void stop() {
        pipeline.close();
        provider.close();
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
    void findsOutWhoseAccountItIsBesideTheSyncs() {
        Api api = pipeline.api("fay");
        String account = connectCloud(api, provider.consent(Duration.ofHours(1)));
        String run = api.trigger(account);

        JsonNode known = await().atMost(SOON)
                .until(
                        () -> userIntegration(api, account),
                        it -> it.get("config").has("username"));
        api.awaitEnd(run, SOON);

        assertThat(known.get("account").toString()).isEqualTo("{\"id\":\"owner-1\",\"displayName\":\"The owner\"}");
        assertThat(known.at("/config/username").asString()).isEqualTo("owner");
        assertProven(api, run, 1);
        assertThat(api.content(account)).hasSize(1);
        JsonNode asked = api.get("/v1/sync-runs?trigger=system&userIntegrationId=" + account)
                .body()
                .get("items");
        assertThat(asked.size()).isOne();
        assertThat(api.proof(asked.get(0).get("id").asString()).get("balanced").asBoolean())
                .isTrue();
        assertThat(api.get("/v1/sync-runs?userIntegrationId=" + account)
                        .body()
                        .get("items")
                        .valueStream()
                        .map(it -> it.get("trigger").asString()))
                .doesNotContain("system");
        JsonNode tried =
                api.post("/v1/user-integrations/" + account + ":test", Map.of()).body();
        assertThat(tried.get("account").toString()).isEqualTo("{\"id\":\"owner-1\",\"name\":\"The owner\"}");
    }

    /**
     * The provider has rotated the refresh token, the worker is killed before the answer reaches it: the one valid
     * token is lost. The account must say so, and go on once it is connected again.
     */
    @Test
    void saysThatARefreshWasInterruptedWhenTheWorkerIsKilledBetweenAnswerAndStore() throws InterruptedException {
        Api api = pipeline.api("gus");
        var rotated = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        int exchangesBefore = provider.exchanges();
        provider.answerLate(rotated, answer);
        String account = connectCloud(api, provider.consent(Duration.ofSeconds(-1)));
        assertThat(rotated.await(60, SECONDS)).as("a refresh at the provider").isTrue();
        assertThat(provider.exchanges() - exchangesBefore)
                .as("refresh tokens rotated")
                .isOne();

        pipeline.process("worker").kill();
        answer.countDown();
        provider.work();
        leaseOfTheDeadEnds(account);
        pipeline.startWorker();

        JsonNode lost = await().atMost(LONG)
                .until(
                        () -> userIntegration(api, account),
                        it -> it.get("syncStatus").asString().equals("expired"));
        assertThat(lost.at("/error/code").asString()).isEqualTo("oauth.refreshInterrupted");
        assertThat(eventsOf(account, "integration.expired")).containsExactly("oauth.refreshInterrupted");
        await().atMost(SOON).until(() -> liveRunsOf(account) == 0);

        var again = provider.consent(Duration.ofHours(1));
        assertThat(api.patch("/v1/user-integrations/" + account, Map.of("credentials", credentials(again)))
                        .status())
                .isEqualTo(200);
        assertProven(api, api.sync(account, SOON), 1);
        assertThat(userIntegration(api, account).get("syncStatus").asString()).isEqualTo("active");
    }

    private String connectCloud(Api api, OidcProvider.Tokens tokens) {
        return api.connect(
                CloudIntegration.DOMAIN,
                "cloud",
                Map.of(
                        "tokenUrl", provider.tokenUrl().toString(),
                        "resource", provider.resource().toString()),
                credentials(tokens));
    }

    private static Map<String, String> credentials(OidcProvider.Tokens tokens) {
        return Map.of(
                "accessToken", tokens.accessToken(),
                "refreshToken", tokens.refreshToken(),
                "expiresAt", String.valueOf(tokens.expiresAt().getEpochSecond()),
                "clientId", OidcProvider.CLIENT_ID,
                "clientSecret", OidcProvider.CLIENT_SECRET);
    }

    private static JsonNode userIntegration(Api api, String account) {
        return api.get("/v1/user-integrations/" + account).body();
    }

    /** As if the 40 s had passed that a dead worker keeps others from its exchange. */
    private void leaseOfTheDeadEnds(String account) {
        int begun = pipeline.database()
                .sql("update token_exchange set begun_at = begun_at - interval '1 minute'"
                        + " where user_integration_id = ?::uuid and holder is not null")
                .param(account)
                .update();
        assertThat(begun)
                .as("exchanges that were written down before they were asked for")
                .isOne();
    }

    private List<String> eventsOf(String account, String type) {
        return pipeline.database()
                .sql("select code from event_outbox where user_integration_id = ?::uuid and type = ?")
                .params(account, type)
                .query(String.class)
                .list();
    }

    private long liveRunsOf(String account) {
        return countOf(account, "from sync_run where user_integration_id = ?::uuid and finished_at is null");
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
            // The letter comes by a topic of its own.
            await().atMost(SOON)
                    .until(
                            () -> api.get("/v1/sync-runs/" + alone + "/failures")
                                    .body()
                                    .toString(),
                            failures -> failures.contains("imap.unreachable"));
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
        return countOf(account, "from user_integration_content where user_integration_id = ?::uuid");
    }

    private long countOf(String account, String rows) {
        return pipeline.database()
                .sql("select count(*) " + rows)
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
