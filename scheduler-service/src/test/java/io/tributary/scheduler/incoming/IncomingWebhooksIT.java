package io.tributary.scheduler.incoming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.WebhookEndpoint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From the topic of webhooks to runs, and from the API to the topic of endpoints. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IncomingWebhooksIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String SYNCS = """
        {"domain": "syncs", "version": "1", "displayName": "Syncs", "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}],
         "webhook": {"verify": {"method": "hmacSha256", "header": "X-Signature"}, "account": "body.team",
                     "dedup": "body.id", "run": {"when": "$not(body.kind = 'ping')"}}}
        """;

    private static final String TASKS = """
        {"domain": "tasks", "version": "1", "displayName": "Tasks", "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}, {"name": "fetch", "priority": 5}],
         "webhook": {"verify": {"method": "ed25519", "header": "X-Signature"},
                     "run": {"taskType": "fetch", "payload": "{'item': $uppercase(body.item)}"}}}
        """;

    private static final String DEAF = """
        {"domain": "deaf", "version": "1", "displayName": "Deaf", "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}]}
        """;

    @TempDir
    private static Path folder;

    private RunningScheduler scheduler;
    private Broker broker;
    private Api ann;

    @BeforeAll
    void start() {
        broker = Broker.create();
        broker.announce(SYNCS);
        broker.announce(TASKS);
        broker.announce(DEAF);
        scheduler = RunningScheduler.start(
                folder, Database.empty(), broker, Map.of("tributary.incoming.url", "https://edge.example/"));
    }

    @BeforeEach
    void newUser() {
        ann = scheduler.user("ann-" + UUID.randomUUID());
    }

    @AfterAll
    void stop() {
        scheduler.close();
    }

    private UUID connect(String domain) {
        return UUID.fromString(ann.post("/v1/user-integrations", "{\"integrationDomain\": \"" + domain + "\"}")
                .expect(201)
                .text("id"));
    }

    private static IncomingWebhook webhook(String domain, UUID endpoint, @Nullable UUID account, String body) {
        return IncomingWebhook.newBuilder()
                .setWebhookId(UUID.randomUUID())
                .setEndpoint(endpoint)
                .setUserIntegrationId(account)
                .setDomain(domain)
                .setHeaders(Map.of())
                .setBody(ByteBuffer.wrap(body.getBytes(UTF_8)))
                .setReceivedAt(Instant.now())
                .build();
    }

    private void send(IncomingWebhook... webhooks) {
        try (var producer = broker.<IncomingWebhook>producer()) {
            for (var webhook : webhooks) {
                var _ = producer.send(new ProducerRecord<>(
                        broker.topics().webhooks(), webhook.getWebhookId().toString(), webhook));
            }
        }
    }

    private List<UUID> runs(UUID account) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from sync_run where user_integration_id = :id and trigger = 'webhook'"
                        + " order by sequence")
                .param("id", account)
                .query(UUID.class)
                .list();
    }

    private void end(UUID run) {
        scheduler
                .database()
                .update("update sync_run set status = 'succeeded', finished_at = now() where id = :id", run);
    }

    private void awaitRuns(UUID account, int number) {
        await().atMost(PATIENCE).until(() -> runs(account).size() == number);
    }

    /** Waits until a later webhook has started a run, so that all earlier ones of its partition were taken. */
    private void awaitTaken() {
        UUID other = connect("syncs");
        UUID endpoint = UUID.randomUUID();
        // One for each partition, whatever their keys are.
        for (int i = 0; i < 30; i++) {
            send(webhook("syncs", endpoint, other, "{\"id\": \"" + UUID.randomUUID() + "\"}"));
        }
        await().atMost(PATIENCE).until(() -> count("webhook_receipt where endpoint_id = :id", endpoint) == 60);
    }

    private long count(String rows, UUID id) {
        Long number = scheduler.database().value("select count(*) from " + rows, id, Long.class);
        return number == null ? 0 : number;
    }

    @Test
    void startsARunOfTheSyncTypeAndNoneForARepetition() {
        UUID account = connect("syncs");
        UUID endpoint = UUID.randomUUID();
        var webhook = webhook("syncs", endpoint, account, "{\"id\": 7, \"text\": \"a\"}");

        send(webhook);
        awaitRuns(account, 1);
        UUID run = runs(account).getFirst();
        await().atMost(PATIENCE).until(() -> !scheduler.tasksOf(run).isEmpty());
        assertThat(scheduler.tasksOf(run)).allSatisfy(task -> {
            assertThat(task.value().getType()).isEqualTo("list");
            assertThat(task.value().getTrigger().name()).isEqualTo("webhook");
        });
        end(run);
        // The same id with another body, and the same body with another delivery.
        send(
                webhook("syncs", endpoint, account, "{\"id\": 7, \"text\": \"b\"}"),
                webhook("syncs", endpoint, account, "{\"id\": 7, \"text\": \"a\"}"));
        awaitTaken();

        assertThat(runs(account)).hasSize(1);
        send(webhook("syncs", endpoint, account, "{\"id\": 8}"));
        awaitRuns(account, 2);
    }

    @Test
    void aWebhookDuringALiveRunStartsOneMoreRunAfterIt() {
        UUID account = connect("syncs");
        UUID endpoint = UUID.randomUUID();
        send(webhook("syncs", endpoint, account, "{\"id\": 0}"));
        awaitRuns(account, 1);

        for (int i = 1; i <= 40; i++) {
            send(webhook("syncs", endpoint, account, "{\"id\": " + i + "}"));
        }
        awaitTaken();
        assertThat(runs(account)).hasSize(1);
        end(runs(account).getFirst());

        awaitRuns(account, 2);
        end(runs(account).getLast());
        awaitTaken();
        assertThat(runs(account)).hasSize(2);
    }

    @Test
    void aWebhookWaitsForAPausedAccount() {
        UUID account = connect("syncs");
        ann.patch("/v1/user-integrations/" + account, "{\"syncStatus\": \"paused\"}")
                .expect(200);

        send(webhook("syncs", UUID.randomUUID(), account, "{\"id\": 1}"));
        awaitTaken();

        assertThat(runs(account)).isEmpty();
        ann.patch("/v1/user-integrations/" + account, "{\"syncStatus\": \"active\"}")
                .expect(200);
        awaitRuns(account, 1);
    }

    @Test
    void webhooksBecomeTasksAndShareARunWithoutLoss() {
        UUID account = connect("tasks");
        UUID endpoint = UUID.randomUUID();
        send(webhook("tasks", endpoint, account, "{\"item\": \"a\"}"));
        awaitRuns(account, 1);

        for (int i = 0; i < 10; i++) {
            send(webhook("tasks", endpoint, account, "{\"item\": \"b" + i + "\"}"));
        }
        awaitTaken();
        end(runs(account).getFirst());
        awaitRuns(account, 2);

        assertThat(initialPayload(runs(account).getLast()))
                .contains("\"fetch\"")
                .contains("\"B0\"", "\"B9\"")
                .doesNotContain("\"A\"");
        assertThat(scheduler
                        .database()
                        .value(
                                "select initial_task_type from sync_run where id = :id",
                                runs(account).getFirst(),
                                String.class))
                .isEqualTo("tributary.runAgain");
    }

    @Test
    void manyTasksOfAPausedAccountBecomeOneRunOfItsSyncType() {
        UUID account = connect("tasks");
        ann.patch("/v1/user-integrations/" + account, "{\"syncStatus\": \"paused\"}")
                .expect(200);
        scheduler
                .database()
                .jdbc()
                .sql("insert into webhook_trigger (user_integration_id, integration_domain, sync_type, task_type,"
                        + " payload, received_at) select :id, 'tasks', 'default', 'fetch', '{}', now()"
                        + " from generate_series(1, 1000)")
                .param("id", account)
                .update();

        UUID endpoint = UUID.randomUUID();
        for (int i = 0; i < 3; i++) {
            send(webhook("tasks", endpoint, account, "{\"item\": \"late" + i + "\"}"));
        }
        awaitTaken();

        assertThat(count("webhook_trigger where user_integration_id = :id", account))
                .isEqualTo(1_001);
        assertThat(count("webhook_trigger where task_type is null and user_integration_id = :id", account))
                .isEqualTo(1);
    }

    @Test
    void countsAccountsThatAreNotConnected() {
        var take = scheduler.bean(TakeWebhooks.class);
        double before = accountsUnknown();

        take.take(List.of(webhook("syncs", UUID.randomUUID(), null, "{\"id\": 1, \"team\": [\"nobody\", \"else\"]}")));

        assertThat(accountsUnknown()).isGreaterThanOrEqualTo(before + 2);
    }

    private double accountsUnknown() {
        return scheduler
                .bean(MeterRegistry.class)
                .get("tributary.incoming.webhooks")
                .tag("result", "accountUnknown")
                .counter()
                .count();
    }

    @Test
    void theContentNamesTheAccountOfAProviderApp() {
        UUID account = connect("syncs");
        UUID other = connect("syncs");
        String team = "T-" + UUID.randomUUID();
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration set account_id = :team where id = :id")
                .param("team", team)
                .param("id", account)
                .update();

        send(webhook("syncs", UUID.randomUUID(), null, "{\"id\": 1, \"team\": [\"" + team + "\", \"nobody\"]}"));

        awaitRuns(account, 1);
        assertThat(runs(other)).isEmpty();
    }

    @Test
    void whatCannotBeUsedStopsNothing() throws Exception {
        UUID account = connect("tasks");
        UUID endpoint = UUID.randomUUID();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>(broker.topics().webhooks(), partition, "x", new byte[] {9, 9, 9}))
                        .get();
            }
        }
        send(
                webhook("tasks", endpoint, account, "{\"item\": {\"no\": \"text\"}}"),
                webhook("tasks", endpoint, account, "no JSON"),
                webhook("unknown", endpoint, account, "{}"),
                webhook("deaf", endpoint, account, "{}"),
                webhook("tasks", endpoint, UUID.randomUUID(), "{\"item\": \"gone\"}"),
                webhook("tasks", endpoint, account, "{\"item\": \"a\\u0000b\"}"));

        awaitRuns(account, 1);
        UUID pinged = connect("syncs");
        send(webhook("syncs", endpoint, pinged, "{\"id\": 1, \"kind\": \"ping\"}"));
        awaitTaken();
        assertThat(runs(pinged)).isEmpty();
    }

    @Test
    void aNulInAWebhookStopsNoLaterOne() {
        UUID account = connect("tasks");
        UUID endpoint = UUID.randomUUID();

        send(webhook("tasks", endpoint, account, "{\"item\": \"a\\u0000b\"}"));
        awaitRuns(account, 1);
        end(runs(account).getFirst());
        // The text of an escape, which is no NUL.
        send(webhook("tasks", endpoint, account, "{\"item\": \"c\\\\u0000d\"}"));
        awaitRuns(account, 2);
        end(runs(account).getLast());
        send(webhook("tasks", endpoint, account, "{\"item\": \"e\"}"));
        awaitRuns(account, 3);

        assertThat(runs(account).stream().map(this::initialPayload))
                .satisfiesExactly(
                        nul -> assertThat(nul).contains("\"AB\""),
                        escape -> assertThat(escape).contains("\"C\\\\U0000D\""),
                        other -> assertThat(other).contains("\"E\""));
    }

    private String initialPayload(UUID run) {
        return Objects.requireNonNull(scheduler
                .database()
                .value("select initial_payload::text from sync_run where id = :id", run, String.class));
    }

    @Test
    void aBatchThatIsTakenAgainChangesNothing() {
        UUID account = connect("syncs");
        var batch = List.of(
                webhook("syncs", UUID.randomUUID(), account, "{\"id\": 1}"),
                webhook("syncs", UUID.randomUUID(), account, "{\"id\": 2}"));
        var take = scheduler.bean(TakeWebhooks.class);

        take.take(batch);
        awaitRuns(account, 1);
        end(runs(account).getFirst());
        take.take(batch);

        assertThat(runs(account)).hasSize(1);
        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from webhook_trigger where user_integration_id = :id",
                                account,
                                Long.class))
                .isZero();
    }

    private List<ConsumerRecord<String, WebhookEndpoint>> published(String key) {
        return broker.<WebhookEndpoint>read(broker.topics().webhookEndpoints()).stream()
                .filter(record -> record.key().equals(key))
                .toList();
    }

    @Test
    void publishesAnEndpointSealedAndItsDeletion() throws Exception {
        UUID account = connect("syncs");
        String path = "/v1/user-integrations/" + account + "/webhook-endpoint";

        var created = ann.post(path).expect(201);
        String key = created.text("key");
        String secret = created.text("secret");
        assertThat(created.text("url")).isEqualTo("https://edge.example/webhooks/syncs/" + key);
        await().atMost(PATIENCE).until(() -> !published(key).isEmpty());
        var record = published(key).getLast().value();
        assertThat(record.getUserIntegrationId()).isEqualTo(account);
        byte[] sealed = new byte[record.getSecret().remaining()];
        record.getSecret().duplicate().get(sealed);
        assertThat(new String(sealed, UTF_8)).doesNotContain(secret);
        assertThat(new String(scheduler.keysets().keyset().open(sealed, UUID.fromString(key)), UTF_8))
                .contains(secret, created.text("verifyToken"));
        assertThat(ann.get(path).expect(200).body()).contains(key).doesNotContain(secret);
        ann.post(path).expectProblem(409, "webhooks.endpointExists");
        var bob = scheduler.user("bob-" + UUID.randomUUID());
        bob.get(path).expect(404);
        bob.delete(path).expect(404);
        bob.post(path).expect(404);

        ann.delete(path).expect(204);

        await().atMost(PATIENCE).until(() -> published(key).getLast().value() == null);
        ann.get(path).expect(404);
        String next =
                ann.post(path, "{\"secret\": \"given-by-me\"}").expect(201).text("key");
        await().atMost(PATIENCE).until(() -> !published(next).isEmpty());
        ann.delete("/v1/user-integrations/" + account).expect(204);
        await().atMost(PATIENCE).until(() -> published(next).getLast().value() == null);
    }

    @Test
    void refusesEndpointsThatCannotWork() {
        String deaf = "/v1/user-integrations/" + connect("deaf") + "/webhook-endpoint";
        String signed = "/v1/user-integrations/" + connect("tasks") + "/webhook-endpoint";

        ann.post(deaf).expectProblem(409, "webhooks.notSupported");
        ann.post(signed).expectError("/secret");
        ann.post(signed, "{\"secret\": \"short\"}").expectError("/secret");
        ann.post(signed, "{\"secret\": \"" + "0a".repeat(32) + "\"}").expect(201);
    }

    @Test
    void onlyOperatorsMakeEndpointsOfProviderApps() {
        String body =
                "{\"integrationDomain\": \"syncs\", \"secret\": \"app-secret\", \"verifyToken\": \"a-token-of-ours\"}";
        ann.post("/v1/webhook-endpoints", body).expectProblem(403, "api.forbidden");

        String key = scheduler
                .operator()
                .post("/v1/webhook-endpoints", body)
                .expect(201)
                .text("key");

        await().atMost(PATIENCE).until(() -> !published(key).isEmpty());
        assertThat(published(key).getLast().value().getUserIntegrationId()).isNull();
        ann.get("/v1/webhook-endpoints/" + key).expect(403);
        scheduler.operator().get("/v1/webhook-endpoints/" + key).expect(200);
        scheduler
                .operator()
                .post("/v1/webhook-endpoints", body.replace("syncs", "tasks"))
                .expectProblem(409, "webhooks.notSupported");
        scheduler.operator().delete("/v1/webhook-endpoints/" + key).expect(204);
        await().atMost(PATIENCE).until(() -> published(key).getLast().value() == null);
    }
}
