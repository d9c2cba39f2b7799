package io.tributary.scheduler.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Api;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NotificationApiIT extends NotificationTest {

    @Test
    void queuesAnEffectWithWhatIsToBeSentAndItsDeliveryAsKey() {
        UUID id = send(", \"subject\": \"News\", \"data\": {\"badge\": 3}", pigeon);

        awaitStatus(id, "queued");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !scheduler.tasksOf(runOf(id, 0)).isEmpty());
        JsonNode task = JsonMapper.shared()
                .readTree(scheduler.tasksOf(runOf(id, 0)).getFirst().value().getPayload())
                .at("/tasks/0");
        assertThat(task.get("type").asString()).isEqualTo("send");
        assertThat(task.at("/payload/key").asString()).isEqualTo("notification:" + deliveryOf(id, 0));
        assertThat(task.at("/payload/input")).isEqualTo(JsonMapper.shared().readTree("""
                    {"to": {"email": "bo@example.org"}, "subject": "News", "text": "Hello.", "data": {"badge": 3}}
                    """));
    }

    @Test
    void showsWhatWasSentWithTheProvidersId() {
        UUID id = send("", pigeon);
        awaitStatus(id, "queued");

        happen(id, 0, "p-7");

        awaitStatus(id, "sent");
        JsonNode shown = show(id);
        assertThat(shown.at("/deliveries/0/providerId").asString()).isEqualTo("p-7");
        assertThat(shown.at("/deliveries/0/userIntegrationId").asString()).isEqualTo(pigeon.toString());
        assertThat(shown.at("/deliveries/0/attempts").asInt()).isEqualTo(1);
        assertThat(shown.get("endedAt").isNull()).isFalse();
    }

    @Test
    void showsWhyADeliveryFailedAlsoWhenItsDeadLetterComesLate() {
        UUID failed = send("", pigeon);
        UUID uncertain = send("", other);
        awaitStatus(failed, "queued");
        awaitStatus(uncertain, "queued");

        fail(failed, 0, "pigeon.noService");
        fail(uncertain, 0, "effects.uncertain");

        awaitStatus(failed, "failed");
        awaitStatus(uncertain, "uncertain");
        JsonNode delivery = show(failed).at("/deliveries/0");
        assertThat(delivery.at("/error/code").asString()).isEqualTo("pigeon.noService");
        assertThat(delivery.get("attempts").asInt()).isEqualTo(3);
    }

    @Test
    void neverMovesBackAndLetsARedriveSendWhatHadFailed() {
        UUID id = send("", pigeon);
        awaitStatus(id, "queued");
        fail(id, 0, "pigeon.noService");
        awaitStatus(id, "failed");

        happen(id, 0, "p-8");
        awaitStatus(id, "sent");
        scheduler.database().update("delete from effect where effect_key = 'notification:' || :id", deliveryOf(id, 0));
        scheduler.bean(SettleNotifications.class).run();

        assertThat(status(id)).isEqualTo("sent");
    }

    @Test
    void waitsForItsTimeAndCanBeCancelledUntilThen() {
        String later = ", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"";
        UUID cancelled = send(later, pigeon);
        UUID due = send(later, pigeon);
        scheduler.bean(QueueNotifications.class).run();
        assertThat(status(cancelled)).isEqualTo("scheduled");

        assertThat(ann.post(PATH + "/" + cancelled + "/cancel").expect(200).text("status"))
                .isEqualTo("cancelled");
        ann.post(PATH + "/" + cancelled + "/cancel").expect(200);
        scheduler.database().update("update notification_delivery set due_at = now() where notification_id = :id", due);
        scheduler
                .database()
                .update(
                        "update notification_delivery set due_at = now() where notification_id = :id and status ="
                                + " 'scheduled'",
                        cancelled);

        awaitStatus(due, "queued");
        assertThat(status(cancelled)).isEqualTo("cancelled");
        ann.post(PATH + "/" + due + "/cancel").expectProblem(409, "notifications.tooLate");
    }

    @Test
    void createsOneNotificationForAnIdempotencyKeyEvenIfItsResponseWasLost() {
        String key = "k-" + UUID.randomUUID();
        Api.Answer first = post(body("", pigeon), key).expect(202);
        Api.Answer again = post(body("", pigeon), key).expect(202);
        scheduler
                .database()
                .jdbc()
                .sql("delete from idempotency_key where key = ?")
                .param(key)
                .update();
        Api.Answer afterACrash = post(body("", pigeon), key).expect(202);

        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(afterACrash.text("id")).isEqualTo(first.text("id"));
        assertThat(ann.get(PATH).expect(200).json().get("items").size()).isEqualTo(1);
        assertThat(post(body("", other), key).status()).isEqualTo(422);
    }

    @Test
    void refusesADifferentRequestWithAKeyWhoseResponseWasLost() {
        String key = "k-" + UUID.randomUUID();
        post(body("", pigeon), key).expect(202);
        scheduler
                .database()
                .jdbc()
                .sql("delete from idempotency_key where key = ?")
                .param(key)
                .update();

        post(body(", \"subject\": \"Other\"", pigeon), key).expectProblem(409, "notifications.keyReused");

        assertThat(ann.get(PATH).expect(200).json().get("items").size()).isEqualTo(1);
    }

    @Test
    void triesOneChannelAfterTheOther() {
        UUID id = send(", \"routing\": \"fallback\"", pigeon, other);
        awaitStatus(id, "queued");
        assertThat(statuses(id)).containsExactly("queued", "scheduled");

        fail(id, 0, "pigeon.noService");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(statuses(id)).containsExactly("failed", "queued"));
        happen(id, 1, "p-9");

        awaitStatus(id, "sent");
    }

    @Test
    void leavesOutTheOtherChannelsOnceOneHasSentItOrMayHave() {
        UUID sent = send(", \"routing\": \"fallback\"", pigeon, other);
        UUID uncertain = send(", \"routing\": \"fallback\"", pigeon, other);
        awaitStatus(sent, "queued");
        awaitStatus(uncertain, "queued");

        happen(sent, 0, "p-1");
        fail(uncertain, 0, "effects.uncertain");

        awaitStatus(sent, "sent");
        assertThat(statuses(sent)).containsExactly("sent", "skipped");
        awaitStatus(uncertain, "uncertain");
        assertThat(statuses(uncertain)).containsExactly("uncertain", "skipped");
    }

    @Test
    void sendsThroughAllChannelsAtOnceByDefault() {
        UUID id = send("", pigeon, other);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(statuses(id)).containsExactly("queued", "queued"));

        fail(id, 0, "pigeon.noService");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(statuses(id)).containsExactly("failed", "queued"));
        assertThat(status(id)).isEqualTo("queued");
        happen(id, 1, "p-1");

        awaitStatus(id, "sent");
    }

    @Test
    void sendsManyInOneRunOfTheirAccount() {
        String items = IntStream.range(0, 300).mapToObj(_ -> body("", pigeon)).collect(Collectors.joining(","));

        JsonNode accepted = ann.post(PATH + ":bulk", "{\"items\": [" + items + "]}")
                .expect(202)
                .json()
                .get("items");

        assertThat(accepted.size()).isEqualTo(300);
        UUID last = UUID.fromString(accepted.get(299).get("id").asString());
        awaitStatus(last, "queued");
        assertThat(show(last).get("priority").asInt()).isEqualTo(9);
        assertThat(scheduler
                        .database()
                        .jdbc()
                        .sql("""
            select count(distinct run_id) from notification_delivery where user_integration_id = ?
            """)
                        .param(pigeon)
                        .query(Long.class)
                        .single())
                .isLessThan(10);
    }

    @Test
    void storesNoneOfABulkOfWhichOneIsInvalid() {
        ann.post(PATH + ":bulk", "{\"items\": [" + body("", pigeon) + ", {}]}").expectError("/items/1/channels");
        ann.post(PATH + ":bulk", "{\"items\": []}").expectError("/items");
        ann.post(PATH + ":bulk", "{\"items\": [null]}").expectError("/items/0");

        assertThat(ann.get(PATH).expect(200).json().get("items").size()).isZero();
    }

    @Test
    void refusesABulkWhoseTemplateMakesTooMuchOfIt() {
        String name = "t-" + UUID.randomUUID();
        ann.post("/v1/notification-templates", """
                {"name": "%s", "defaultLocale": "en",
                 "locales": {"en": {"text": "{{#each list}}{{@root.a}}{{/each}}"}}}
                """.formatted(name)).expect(201);
        String item = """
                {"to": {"userId": "bo"}, "template": "%s",
                 "data": {"a": "%s", "list": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}}
                """.formatted(name, "x".repeat(3_000));

        ann.post(PATH + ":bulk", "{\"items\": [" + String.join(",", Collections.nCopies(80, item)) + "]}")
                .expect(202);
        String large = "{\"to\": {\"userId\": \"bo\"}, \"template\": \"%s\", \"data\": {\"a\": \"%s\", \"list\": [%s]}}"
                .formatted(name, "x".repeat(1_000), String.join(",", Collections.nCopies(120, "1")));
        ann.post(PATH + ":bulk", "{\"items\": [" + String.join(",", Collections.nCopies(60, large)) + "]}")
                .expectError("/items");
    }

    @Test
    void refusesChannelsThatCannotSend() {
        Api eve = scheduler.user("eve-" + UUID.randomUUID());
        ann.post(PATH, body("", connectPigeon(eve))).expectProblem(422, "notifications.channelUnknown");
        ann.post(PATH, body("", UUID.randomUUID())).expectProblem(422, "notifications.channelUnknown");
        ann.post(PATH, body("", ann.connectHello())).expectProblem(422, "notifications.notAChannel");
        set("paused", pigeon);
        ann.post(PATH, body("", pigeon)).expectProblem(409, "notifications.channelPaused");
        set("expired", pigeon);
        ann.post(PATH, body("", pigeon)).expectProblem(409, "notifications.channelExpired");
        set("error", pigeon);
        ann.post(PATH, body("", pigeon)).expectProblem(409, "notifications.channelMisconfigured");
    }

    @Test
    void failsWhatIsDueWhenItsAccountCannotSendAnyMore() {
        String later =
                ", \"routing\": \"fallback\", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"";
        UUID id = send(later, pigeon, other);
        set("expired", pigeon);

        scheduler
                .database()
                .update(
                        "update notification_delivery set due_at = now() where notification_id = :id and position = 0",
                        id);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(statuses(id)).containsExactly("failed", "queued"));
        assertThat(show(id).at("/deliveries/0/error/code").asString()).isEqualTo("notifications.channelExpired");
    }

    @Test
    void refusesWhatIsNoNotification() {
        ann.post(PATH, "{}").expectError("/channels");
        ann.post(PATH, "{}").expectError("/to");
        ann.post(PATH, "{}").expectError("/text");
        ann.post(PATH, body(", \"priority\": 10", pigeon)).expectError("/priority");
        ann.post(PATH, body(", \"routing\": \"some\"", pigeon)).expectError("/routing");
        ann.post(PATH, body(", \"runAt\": \"soon\"", pigeon)).expectError("/runAt");
        ann.post(PATH, body("", pigeon, pigeon)).expectError("/channels");
        ann.post(PATH, body("", pigeon).replace("bo@example.org", "bo")).expectError("/to/email");
        ann.post(PATH, body("", pigeon).replace("Hello.", "x".repeat(1001))).expectError("/text");
        ann.post(PATH, body("", pigeon).replace("\"email\": \"bo@example.org\"", "\"phone\": \"0151 2345\""))
                .expectProblem(422, "notifications.phoneInvalid");
        ann.post(PATH, body("", pigeon).replace("\"email\": \"bo@example.org\"", "\"phone\": \"+4915\""))
                .expectProblem(422, "notifications.phoneInvalid");
    }

    @Test
    void writesPhoneNumbersInTheFormOfE164() {
        UUID id = UUID.fromString(ann.post(
                        PATH,
                        body("", pigeon)
                                .replace("\"email\": \"bo@example.org\"", "\"phone\": \"+49 (0)151 2345-6789\""))
                .expect(202)
                .text("id"));

        assertThat(show(id).at("/to/phone").asString()).isEqualTo("+4915123456789");
    }

    @Test
    void listsTheNewestFirstAndNobodyElses() {
        UUID first = send("", pigeon);
        awaitStatus(first, "queued");
        UUID second = send(", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"", pigeon);
        Api eve = scheduler.user("eve-" + UUID.randomUUID());

        JsonNode page = ann.get(PATH + "?limit=1").expect(200).json();
        JsonNode next = ann.get(
                        PATH + "?limit=1&cursor=" + page.get("nextCursor").asString())
                .expect(200)
                .json();

        assertThat(page.at("/items/0/id").asString()).isEqualTo(second.toString());
        assertThat(next.at("/items/0/id").asString()).isEqualTo(first.toString());
        assertThat(next.get("nextCursor").isNull()).isTrue();
        assertThat(ann.get(PATH + "?status=scheduled").json().get("items").size())
                .isEqualTo(1);
        assertThat(eve.get(PATH).expect(200).json().get("items").size()).isZero();
        eve.get(PATH + "/" + first).expectProblem(404, "api.notFound");
        eve.post(PATH + "/" + second + "/cancel").expectProblem(404, "api.notFound");
        assertThat(status(second)).isEqualTo("scheduled");
    }

    @Test
    void keepsWhatAnotherChannelSendsWhenAnAccountIsErased() {
        UUID id = send(
                ", \"routing\": \"fallback\", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"", pigeon, other);
        UUID alone = send(", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"", pigeon);

        scheduler.database().update("delete from notification_delivery where user_integration_id = :id", pigeon);

        awaitStatus(id, "queued");
        assertThat(statuses(id)).containsExactly("queued");
        ann.get(PATH + "/" + alone).expectProblem(404, "api.notFound");
    }

    @Test
    void sendsWhatATemplateMakesInTheLocaleOrTheNextBest() {
        String template =
                ann.post("/v1/notification-templates", """
            {"name": "welcome", "defaultLocale": "en", "locales": {
              "en": {"subject": "Welcome", "html": "<p>{{name}}</p>"}, "de": {"text": "Willkommen, {{name}}!"}}}
            """).expect(201).text("id");

        assertThat(rendered("\"welcome\", \"locale\": \"de-AT\"")).isEqualTo("{\"text\": \"Willkommen, A & B!\"}");
        assertThat(rendered("\"" + template + "\", \"locale\": \"fr\""))
                .isEqualTo("{\"html\": \"<p>A &amp; B</p>\", \"subject\": \"Welcome\"}");
        ann.post(PATH, templated("\"welcome\"").replace("\"name\"", "\"nmae\""))
                .expectProblem(422, "notifications.templateVariableMissing");
        ann.post(PATH, templated("\"wellcome\"")).expectProblem(422, "notifications.templateUnknown");
        ann.post(PATH, templated("\"welcome\", \"text\": \"Hi\"")).expectError("/template");
    }

    private String templated(String template) {
        return "{\"channels\": [\"" + pigeon + "\"], \"to\": {\"email\": \"bo@example.org\"}, \"data\": {\"name\":"
                + " \"A & B\"}, \"template\": " + template + "}";
    }

    private @Nullable String rendered(String template) {
        UUID id =
                UUID.fromString(ann.post(PATH, templated(template)).expect(202).text("id"));
        return scheduler.database().value("select content::text from notification where id = :id", id, String.class);
    }

    private Api.Answer post(String body, String key) {
        return ann.send(ann.request(PATH)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    private void set(String status, UUID account) {
        scheduler
                .database()
                .update("update user_integration set sync_status = '" + status + "' where id = :id", account);
    }
}
