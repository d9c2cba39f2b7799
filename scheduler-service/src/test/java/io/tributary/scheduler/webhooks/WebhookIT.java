package io.tributary.scheduler.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks to a real receiver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private RunningScheduler scheduler;
    private Receiver receiver;
    private Api user;
    private String webhook;
    private String secret;

    @SuppressWarnings("NullAway.Init") // start() and listen() set it
    WebhookIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        scheduler = RunningScheduler.start(
                folder, Database.empty(), broker, Map.of("tributary.http.allow-private-addresses", "true"));
    }

    @BeforeEach
    void listen() {
        receiver = new Receiver();
        user = scheduler.user("user-" + UUID.randomUUID());
        var created = user.post(
                        "/v1/webhooks",
                        "{\"url\": \"" + receiver.url()
                                + "\", \"eventTypes\": [\"integration.connected\", \"integration.paused\"]}")
                .expect(201);
        webhook = created.text("id");
        secret = created.text("secret");
    }

    @AfterEach
    void hangUp() {
        user.delete("/v1/webhooks/" + webhook);
        receiver.close();
    }

    @AfterAll
    void stop() {
        scheduler.close();
    }

    @Test
    void postsWhatWasAskedForSignedAndLogsIt() throws Exception {
        String account = connect();

        var post = await().atMost(SOON)
                .until(receiver::posts, posts -> posts.size() == 1)
                .getFirst();

        assertThat(post.signature()).isEqualTo("v1," + hmac(post.id() + "." + post.timestamp() + "." + post.body()));
        assertThat(Instant.ofEpochSecond(Long.parseLong(post.timestamp())))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5));
        JsonNode body = JsonMapper.shared().readTree(post.body());
        assertThat(body.get("type").asString()).isEqualTo("integration.connected");
        assertThat(body.get("data").get("userIntegrationId").asString()).isEqualTo(account);
        var delivery = awaitDelivery("delivered");
        assertThat(delivery.get("eventId").asString()).isEqualTo(post.id());
        assertThat(delivery.get("lastStatus").asInt()).isEqualTo(204);
        assertThat(delivery.get("attempts").asInt()).isOne();
    }

    @Test
    void triesAgainWithTheSameIdAndBodyUntilItIsTaken() {
        receiver.answer(500);
        connect();
        var refused = awaitDelivery("pending", 1);
        assertThat(refused.get("lastStatus").asInt()).isEqualTo(500);
        assertThat(Instant.parse(refused.get("nextAttemptAt").asString())).isAfter(Instant.now());

        receiver.answer(200);
        hurry();
        awaitDelivery("delivered");

        assertThat(receiver.posts()).hasSizeGreaterThan(1);
        assertThat(receiver.posts())
                .extracting(Receiver.Post::id)
                .containsOnly(receiver.posts().getFirst().id());
        assertThat(receiver.posts())
                .extracting(Receiver.Post::body)
                .containsOnly(receiver.posts().getFirst().body());
    }

    @Test
    void givesUpAfterItsAttempts() {
        receiver.answer(503);
        connect();
        for (int attempt = 1; attempt < DeliverWebhooks.MAX_ATTEMPTS; attempt++) {
            awaitDelivery("pending", attempt);
            hurry();
        }

        var failed = awaitDelivery("failed");

        assertThat(failed.get("attempts").asInt()).isEqualTo(DeliverWebhooks.MAX_ATTEMPTS);
        assertThat(failed.get("lastError").asString()).contains("503");
        assertThat(failed.has("nextAttemptAt")).isFalse();
        assertThat(receiver.posts()).hasSize(DeliverWebhooks.MAX_ATTEMPTS);
    }

    @Test
    void showsWhyAWebhookIsDisabledAndPostsAgainOnceItIsEnabled() {
        scheduler
                .database()
                .update(
                        "update webhook set failures = 20, failing_since = now(), disabled_at = now(),"
                                + " disabled_reason = 'No delivery succeeded' where id = :id",
                        UUID.fromString(webhook));
        var disabled = user.get("/v1/webhooks/" + webhook).expect(200).json();
        assertThat(disabled.get("disabledReason").asString()).contains("No delivery");
        assertThat(disabled.has("disabledAt")).isTrue();
        scheduler.user("other").post("/v1/webhooks/" + webhook + ":enable").expectProblem(404, "api.notFound");

        var enabled =
                user.post("/v1/webhooks/" + webhook + ":enable").expect(200).json();

        assertThat(enabled.has("disabledAt")).isFalse();
        connect();
        awaitDelivery("delivered");
    }

    @Test
    void disablesAWebhookWhoseReceiverIsGone() {
        receiver.answer(410);
        connect();

        assertThat(awaitDelivery("failed").get("lastStatus").asInt()).isEqualTo(410);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                user.get("/v1/webhooks/" + webhook).json().get("disabledReason"))
                        .asString()
                        .contains("410"));
    }

    @Test
    void waitsAsLongAsABusyReceiverAsks() {
        receiver.retryAfter("7200");
        receiver.answer(429);
        connect();

        var busy = awaitDelivery("pending", 1);

        assertThat(Instant.parse(busy.get("nextAttemptAt").asString()))
                .isAfter(Instant.now().plusSeconds(7_000))
                .isBefore(Instant.now().plusSeconds(7_300));
    }

    @Test
    void postsToTheWholeUrl() {
        String url = receiver.url() + "?token=a%20b&x=1";
        webhook = user.post("/v1/webhooks", "{\"url\": \"" + url + "\"}")
                .expect(201)
                .text("id");
        connect();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(receiver.posts())
                        .extracting(Receiver.Post::query)
                        .contains("token=a%20b&x=1"));
    }

    @Test
    void followsNoRedirect() {
        receiver.answer(302);
        connect();

        assertThat(awaitDelivery("pending", 1).get("lastStatus").asInt()).isEqualTo(302);
        assertThat(receiver.posts()).extracting(Receiver.Post::path).containsOnly("/hook");
    }

    @Test
    void saysThatNobodyIsThere() {
        receiver.close();
        connect();

        assertThat(awaitDelivery("pending", 1).get("lastError").asString()).contains("did not answer");
    }

    @Test
    void deliversAgainWhatAReplicaTookThatDied() {
        connect();
        awaitDelivery("delivered");
        // What a scheduler leaves that dies after the receiver has answered and before it has noted that.
        scheduler
                .database()
                .update(
                        "update webhook_delivery set status = 'pending', ended_at = null, next_attempt_at = now()"
                                + " where webhook_id = :id",
                        UUID.fromString(webhook));

        await().atMost(SOON).until(() -> receiver.posts().size() == 2);

        assertThat(receiver.posts().get(0).id())
                .isEqualTo(receiver.posts().get(1).id());
    }

    @Test
    void deliversAnEventOnceThatIsPublishedTwice() {
        String account = connect();
        awaitDelivery("delivered");

        scheduler
                .database()
                .update(
                        "update event_outbox set published_at = null where user_integration_id = :id",
                        UUID.fromString(account));
        user.patch("/v1/user-integrations/" + account, "{\"syncStatus\": \"paused\"}")
                .expect(200);

        await().atMost(SOON).until(() -> receiver.posts().size() == 2);
        assertThat(receiver.posts().get(1).body()).contains("integration.paused");
    }

    @Test
    void tellsTheSecretOnceAndNeverInClearInTheTable() {
        assertThat(user.get("/v1/webhooks/" + webhook).expect(200).body()).doesNotContain("secret");
        assertThat(user.get("/v1/webhooks").expect(200).body()).doesNotContain("secret");
        byte[] sealed = scheduler
                .database()
                .value("select secret from webhook where id = :id", UUID.fromString(webhook), byte[].class);
        assertThat(new String(java.util.Objects.requireNonNull(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain(secret.substring(6, 20));
    }

    @Test
    void showsWebhooksToTheirUserOnly() {
        Api other = scheduler.user("other");
        other.get("/v1/webhooks/" + webhook).expectProblem(404, "api.notFound");
        other.get("/v1/webhooks/" + webhook + "/deliveries").expectProblem(404, "api.notFound");
        other.delete("/v1/webhooks/" + webhook).expectProblem(404, "api.notFound");
        assertThat(other.get("/v1/webhooks").expect(200).body()).doesNotContain(webhook);
        scheduler.nobody().get("/v1/webhooks").expectProblem(401, "api.unauthenticated");
        scheduler.operator().get("/v1/webhooks/" + webhook).expect(200);
    }

    @Test
    void saysWhatIsWrongWithAWebhook() {
        for (String url :
                List.of("", "x", "ftp://example.com", "file:///etc/passwd", "http://u:p@example.com/", "http://")) {
            user.post("/v1/webhooks", "{\"url\": \"" + url + "\"}").expectError("/url");
        }
        user.post("/v1/webhooks", "{}").expectError("/url");
        for (String types : List.of("[]", "[\"nothing\"]", "[null]", "[\"run.failed\", null]")) {
            user.post("/v1/webhooks", "{\"url\": \"https://example.com\", \"eventTypes\": " + types + "}")
                    .expectError("/eventTypes");
        }
    }

    @Test
    void makesTwentyWebhooksAtMost() {
        Api many = scheduler.user("many");
        for (int i = 0; i < 20; i++) {
            many.post("/v1/webhooks", "{\"url\": \"https://example.com/" + i + "\"}")
                    .expect(201);
        }
        many.post("/v1/webhooks", "{\"url\": \"https://example.com\"}").expectProblem(409, "quota.webhooks");
    }

    private String connect() {
        return user.post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                .expect(201)
                .text("id");
    }

    private JsonNode awaitDelivery(String status) {
        return await().atMost(SOON)
                .until(
                        this::deliveries,
                        items -> items.size() == 1
                                && status.equals(items.get(0).get("status").asString()))
                .get(0);
    }

    /** After an attempt of that number, or a later one, has failed. */
    private JsonNode awaitDelivery(String status, int attempts) {
        return await().atMost(SOON)
                .until(
                        this::deliveries,
                        items -> items.size() == 1
                                && (status.equals(items.get(0).get("status").asString())
                                        || items.get(0).get("status").asString().equals("failed"))
                                && items.get(0).has("lastError")
                                && items.get(0).get("attempts").asInt() >= attempts)
                .get(0);
    }

    private JsonNode deliveries() {
        return user.get("/v1/webhooks/" + webhook + "/deliveries")
                .expect(200)
                .json()
                .get("items");
    }

    /**
     * The next attempt is due now. The last error goes: the next one shows that the attempt has ended, and not only
     * begun.
     */
    private void hurry() {
        scheduler
                .database()
                .update(
                        "update webhook_delivery set next_attempt_at = now(), last_error = null"
                                + " where webhook_id = :id and status = 'pending'",
                        UUID.fromString(webhook));
    }

    private String hmac(String text) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
