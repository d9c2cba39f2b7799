package io.tributary.scheduler.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Recipients get no notifications that they or their organisation do not want, and have an inbox. */
class RecipientsIT extends NotificationTest {

    private static final String SUPPRESSIONS = "/v1/suppressions";
    private static final String PREFERENCES = "/v1/notification-preferences";

    // Suppressions

    @Test
    void failsWhatGoesToASuppressedAddressWhateverItsCase() {
        String id = ann.post(SUPPRESSIONS, "{\"address\": \"BO@Example.org\", \"reason\": \"complained\"}")
                .expect(201)
                .text("id");

        UUID suppressed = send("", pigeon);
        awaitStatus(suppressed, "failed");
        assertThat(show(suppressed).at("/deliveries/0/error/code").asString()).isEqualTo("notifications.suppressed");

        ann.delete(SUPPRESSIONS + "/" + id).expect(204);
        awaitStatus(send("", pigeon), "queued");
    }

    @Test
    void leavesTheOtherAddressesOfTheRecipient() {
        ann.post(SUPPRESSIONS, "{\"address\": \"bo@example.org\"}").expect(201);

        UUID id = UUID.fromString(
                ann.post(PATH, body("", pigeon).replace("\"email\"", "\"phone\": \"+4915123456789\", \"email\""))
                        .expect(202)
                        .text("id"));

        awaitStatus(id, "queued");
        assertThat(scheduler
                        .database()
                        .value(
                                "select initial_payload #>> '{tasks,0,payload,input,to}' from sync_run where id = :id",
                                runOf(id, 0),
                                String.class))
                .isEqualTo("{\"phone\": \"+4915123456789\"}");
    }

    @Test
    void suppressesForTheOrganisationOfTheCallerOnly() {
        Api eve = scheduler.user("eve-" + UUID.randomUUID());
        String id = eve.post(SUPPRESSIONS, "{\"address\": \"bo@example.org\"}")
                .expect(201)
                .text("id");

        awaitStatus(send("", pigeon), "queued");
        ann.get(SUPPRESSIONS + "/" + id).expectProblem(404, "api.notFound");
        ann.delete(SUPPRESSIONS + "/" + id).expectProblem(404, "api.notFound");
        assertThat(ann.get(SUPPRESSIONS).json().get("items").size()).isZero();
        assertThat(eve.get(SUPPRESSIONS + "?address=Bo@example.org")
                        .json()
                        .get("items")
                        .size())
                .isEqualTo(1);
        assertThat(eve.post(SUPPRESSIONS, "{\"address\": \"bo@example.org\"}")
                        .expect(201)
                        .text("id"))
                .isEqualTo(id);
        ann.post(SUPPRESSIONS, "{}").expectError("/address");
    }

    // Preferences

    @Test
    void waitsForTheEndOfTheQuietHoursUnlessItIsTransactional() {
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        prefer("{\"zone\": \"UTC\", \"quietHours\": [{\"from\": \"" + text(now.minusHours(2)) + "\", \"to\": \""
                + text(now.plusHours(2)) + "\"}]}");

        UUID waits = sendToAnn(5);
        UUID goes = sendToAnn(0);
        awaitStatus(goes, "queued");
        scheduler.bean(QueueNotifications.class).run();

        assertThat(status(waits)).isEqualTo("scheduled");
        Instant due = scheduler
                .database()
                .jdbc()
                .sql("select due_at from notification_delivery where notification_id = ?")
                .param(waits)
                .query((row, _) -> row.getTimestamp("due_at").toInstant())
                .single();
        assertThat(due)
                .isBetween(Instant.now().plusSeconds(3_600), Instant.now().plusSeconds(3 * 3_600));
    }

    @Test
    void sendsNothingButTransactionalOnesToWhoOptedOut() {
        prefer("{\"optedOut\": true}");

        UUID fails = sendToAnn(9);
        awaitStatus(sendToAnn(0), "queued");
        awaitStatus(fails, "failed");

        assertThat(show(fails).at("/deliveries/0/error/code").asString()).isEqualTo("notifications.optedOut");
    }

    @Test
    void setsPreferencesOfTheCallerAndForAdministratorsOfMembers() {
        JsonNode none = ann.get(PREFERENCES).expect(200).json();
        assertThat(none.get("optedOut").asBoolean()).isFalse();
        assertThat(none.get("zone").asString()).isEqualTo("UTC");
        prefer("{\"zone\": \"Europe/Berlin\", \"quietHours\": [{\"days\": [\"MONDAY\"], \"from\": \"22:00\", \"to\":"
                + " \"06:00\"}]}");
        assertThat(ann.get(PREFERENCES).json().at("/quietHours/0/days/0").asString())
                .isEqualTo("MONDAY");

        ann.get(PREFERENCES + "?userId=eve").expectProblem(404, "api.notFound");
        Api admin = scheduler.orgAdmin("ada", "acme-" + UUID.randomUUID());
        put(admin, PREFERENCES + "?userId=eve", "{\"optedOut\": true}").expect(200);
        assertThat(admin.get(PREFERENCES + "?userId=eve").json().get("optedOut").asBoolean())
                .isTrue();
        assertThat(admin.get(PREFERENCES).json().get("optedOut").asBoolean()).isFalse();
        put(ann, PREFERENCES, "{\"zone\": \"Mars\"}").expectError("/zone");
        put(ann, PREFERENCES, "{\"quietHours\": [{\"from\": \"25:00\", \"to\": \"06:00\"}]}")
                .expectError("/quietHours/0/from");
    }

    // Inbox

    @Test
    void putsWhatHasNoChannelIntoTheInboxOfTheUser() {
        UUID first = inbox("One");
        awaitStatus(first, "delivered");
        UUID second = inbox("Two");
        awaitStatus(second, "delivered");

        JsonNode inbox = ann.get("/v1/inbox").expect(200).json();
        assertThat(inbox.get("unread").asLong()).isEqualTo(2);
        assertThat(inbox.at("/items/0/text").asString()).isEqualTo("Two");
        assertThat(inbox.at("/items/1/notificationId").asString()).isEqualTo(first.toString());
        String path = "/v1/inbox/" + inbox.at("/items/1/id").asLong() + "/read";
        Api eve = scheduler.user("eve-" + UUID.randomUUID());
        eve.post(path).expectProblem(404, "api.notFound");
        assertThat(eve.get("/v1/inbox").json().get("items").size()).isZero();
        ann.post(path).expect(204);
        ann.post(path).expect(204);

        assertThat(ann.get("/v1/inbox").json().get("unread").asLong()).isEqualTo(1);
        assertThat(status(first)).isEqualTo("opened");
        assertThat(ann.post("/v1/inbox:read").expect(200).json().get("items").asInt())
                .isEqualTo(1);
        assertThat(ann.get("/v1/inbox?limit=1").json().get("unread").asLong()).isZero();
        assertThat(status(second)).isEqualTo("opened");
    }

    private UUID inbox(String text) {
        return UUID.fromString(ann.post(PATH, "{\"to\": {\"userId\": \"" + user() + "\"}, \"text\": \"" + text + "\"}")
                .expect(202)
                .text("id"));
    }

    private UUID sendToAnn(int priority) {
        String body = body(", \"priority\": " + priority, pigeon)
                .replace("\"email\"", "\"userId\": \"" + user() + "\", \"email\"");
        return UUID.fromString(ann.post(PATH, body).expect(202).text("id"));
    }

    private String user() {
        return scheduler
                .database()
                .jdbc()
                .sql("select user_id from user_integration where id = ?")
                .param(pigeon)
                .query(String.class)
                .single();
    }

    private void prefer(String preference) {
        put(ann, PREFERENCES, preference).expect(200);
    }

    private static Api.Answer put(Api api, String path, String body) {
        return api.send(api.request(path)
                .header("Content-Type", "application/json")
                .method("PUT", BodyPublishers.ofString(body)));
    }

    private static String text(LocalTime time) {
        return time.toString().substring(0, 5);
    }
}
