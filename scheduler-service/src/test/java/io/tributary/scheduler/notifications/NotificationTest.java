package io.tributary.scheduler.notifications;

import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** An {@link ApiTest} whose user has connected two accounts that send. */
abstract class NotificationTest extends ApiTest {

    static final String PATH = "/v1/notifications";

    /** Syncs nothing, and sends. */
    static final String PIGEON = """
        {"domain": "pigeon", "version": "1.0.0", "displayName": "Pigeon", "auth": [],
         "configSchema": {"type": "object"}, "syncTypes": [], "taskTypes": [{"name": "send", "priority": 2}],
         "actions": [{"name": "send", "repeat": "key", "inputSchema": {"type": "object", "required": ["to"],
           "properties": {"text": {"type": "string", "maxLength": 1000}}}}]}
        """;

    protected UUID pigeon;
    protected UUID other;

    @SuppressWarnings("NullAway.Init") // connect() sets them
    NotificationTest() {}

    @BeforeEach
    final void connect() {
        scheduler.broker().announce(PIGEON);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> scheduler.bean(Manifests.class).find("pigeon").isPresent());
        pigeon = connectPigeon(ann);
        other = connectPigeon(ann);
    }

    static UUID connectPigeon(Api api) {
        return UUID.fromString(api.post("/v1/user-integrations", "{\"integrationDomain\": \"pigeon\"}")
                .expect(201)
                .text("id"));
    }

    /** Requests a notification with a text to an e-mail address; returns its id. */
    UUID send(String more, UUID... channels) {
        return UUID.fromString(ann.post(PATH, body(more, channels)).expect(202).text("id"));
    }

    static String body(String more, UUID... channels) {
        var ids = List.of(channels).stream().map(id -> "\"" + id + "\"").toList();
        return "{\"channels\": " + ids + ", \"to\": {\"email\": \"bo@example.org\"}, \"text\": \"Hello.\"" + more + "}";
    }

    JsonNode show(UUID id) {
        return ann.get(PATH + "/" + id).expect(200).json();
    }

    String status(UUID id) {
        return show(id).get("status").asString();
    }

    List<String> statuses(UUID id) {
        return show(id).get("deliveries")
                .valueStream()
                .map(delivery -> delivery.get("status").asString())
                .toList();
    }

    void awaitStatus(UUID id, String status) {
        await().atMost(Duration.ofSeconds(30)).until(() -> status(id).equals(status));
    }

    /** The run of a queued delivery. */
    UUID runOf(UUID notification, int position) {
        return scheduler
                .database()
                .jdbc()
                .sql("select run_id from notification_delivery where notification_id = ? and position = ?")
                .params(notification, position)
                .query(UUID.class)
                .single();
    }

    UUID deliveryOf(UUID notification, int position) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from notification_delivery where notification_id = ? and position = ?")
                .params(notification, position)
                .query(UUID.class)
                .single();
    }

    /** Writes what the sink writes when an effect happened. */
    void happen(UUID notification, int position, String providerId) {
        UUID run = runOf(notification, position);
        scheduler
                .database()
                .jdbc()
                .sql("""
            insert into effect (user_integration_id, effect_key, action, run_id, task_id, provider_id)
            select user_integration_id, 'notification:' || id, 'send', run_id, gen_random_uuid(), ?
            from notification_delivery where notification_id = ? and position = ?
            """)
                .params(providerId, notification, position)
                .update();
        end(run, "status = 'succeeded', spawned = 1, completed = 2");
    }

    /** Writes what the sink writes when an effect failed, the dead letter after the end of the run. */
    void fail(UUID notification, int position, String code) {
        end(runOf(notification, position), "status = 'failed', spawned = 1, completed = 1, failed = 1");
        scheduler
                .database()
                .jdbc()
                .sql("""
            insert into dead_letter (kafka_partition, kafka_offset, run_id, task_id, user_integration_id, user_id,
              integration_domain, task_type, error_code, error_message, fingerprint, attempts, record, created_at,
              effect_key)
            select 0, (random() * 1e15)::bigint, run_id, gen_random_uuid(), user_integration_id, 'ann', 'pigeon',
              'send', ?, 'The pigeon is lost.', 'f', 3, '{}', now(), 'notification:' || id
            from notification_delivery where notification_id = ? and position = ?
            """)
                .params(code, notification, position)
                .update();
    }

    void end(UUID run, String set) {
        scheduler.database().update("update sync_run set finished_at = now(), " + set + " where id = :id", run);
    }
}
