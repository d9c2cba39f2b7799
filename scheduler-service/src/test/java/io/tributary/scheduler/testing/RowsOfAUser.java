package io.tributary.scheduler.testing;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One row of each kind that a user owns, and a body for each call. */
public record RowsOfAUser(Map<String, String> ids, UUID userIntegration) {

    /** Makes the rows of a user without an organisation. */
    public static RowsOfAUser create(RunningScheduler scheduler, String user) {
        return create(scheduler, user, user);
    }

    /** Makes the rows of a user of an organisation. */
    public static RowsOfAUser create(RunningScheduler scheduler, String user, String org) {
        Api api = scheduler.member(user, org);
        UUID account = UUID.fromString(api.post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                .expect(201)
                .text("id"));
        String run = api.post("/v1/user-integrations/" + account + "/trigger")
                .expect(202)
                .text("runId");
        String oneOff = api.post(
                        "/sync/queue",
                        "{\"userIntegrationId\": \"" + account + "\", \"type\": \"greet\", \"runAt\": \""
                                + Instant.now().plusSeconds(3600) + "\"}")
                .expect(202)
                .text("id");
        UUID replay = scheduler
                .database()
                .jdbc()
                .sql("insert into replay (kind, requested_by, org_id, user_integration_id) values ('outputs',"
                        + " :user, :org, :id) returning id")
                .param("org", org)
                .param("user", user)
                .param("id", account)
                .query(UUID.class)
                .single();
        UUID letter = scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into dead_letter (kafka_partition, kafka_offset, run_id, task_id, user_integration_id,
                      user_id, integration_domain, task_type, error_code, error_message, fingerprint, attempts,
                      record, created_at)
                    values (0, (random() * 1e15)::bigint, :run::uuid, gen_random_uuid(), :id, :user, 'hello', 'greet', 'hello.mute',
                      'Cannot say that.', 'f', 3,
                      '{"type": "greet", "payload": "{}", "sync_type": "default", "options": "{}"}', now())
                    returning id
                    """)
                .param("run", run)
                .param("id", account)
                .param("user", user)
                .query(UUID.class)
                .single();
        UUID webhook = scheduler
                .database()
                .jdbc()
                .sql("insert into webhook (user_id, org_id, url, event_types, secret) values (:user, :org,"
                        + " 'https://hooks.example.org/', '{}', '') returning id")
                .param("org", org)
                .param("user", user)
                .query(UUID.class)
                .single();
        long content = scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content (id, user_integration_id, integration_domain, external_id, content,
                      content_hash, run_id, run_sequence)
                    overriding system value
                    values (1e12 + (random() * 1e15)::bigint, :id, 'hello', 'greeting-' || gen_random_uuid(), 'Hello.', '', :run::uuid, 1)
                    returning id
                    """)
                .param("run", run)
                .param("id", account)
                .query(Long.class)
                .single();
        addActivityAndFigure(scheduler, account);
        return new RowsOfAUser(
                Map.ofEntries(
                        Map.entry("/v1/webhooks/{id}", webhook.toString()),
                        Map.entry("/v1/user-integration-content/{id}", Long.toString(content)),
                        Map.entry("/v1/user-integrations/{id}", account.toString()),
                        Map.entry("/v1/sync-runs/{id}", run),
                        Map.entry("/sync/queue/{id}", oneOff),
                        Map.entry("/v1/replays/{id}", replay.toString()),
                        Map.entry("/v1/dead-letters/{id}", letter.toString()),
                        Map.entry("/v1/notifications/{id}", addNotification(scheduler, account, user, org)),
                        Map.entry("/v1/notification-templates/{id}", addTemplate(api)),
                        Map.entry("/v1/suppressions/{id}", addSuppression(api)),
                        Map.entry("/v1/inbox/{id}", addInboxItem(scheduler, user, org)),
                        Map.entry("/sync/pause/{name}", account.toString()),
                        Map.entry("/sync/resume/{name}", account.toString())),
                account);
    }

    private static String addTemplate(Api api) {
        return api.post("/v1/notification-templates", """
            {"name": "t-%s", "defaultLocale": "en", "locales": {"en": {"text": "Hello."}}}
            """.formatted(UUID.randomUUID()))
                .expect(201)
                .text("id");
    }

    private static String addSuppression(Api api) {
        return api.post("/v1/suppressions", "{\"address\": \"bo@example.org\"}")
                .expect(201)
                .text("id");
    }

    private static String addInboxItem(RunningScheduler scheduler, String user, String org) {
        return Long.toString(scheduler
                .database()
                .jdbc()
                .sql("""
                    with created as (
                      insert into notification (id, user_id, org_id, routing, priority, recipient, content, run_at,
                                                created_at, status)
                      values (gen_random_uuid(), :user, :org, 'all', 0, '{}', '{"text": "Hello."}', now(), now(),
                              'delivered')
                      returning id)
                    insert into inbox_item (id, notification_id, user_id, org_id, created_at)
                    overriding system value
                    select 1e12 + (random() * 1e15)::bigint, id, :user, :org, now() from created
                    returning id
                    """)
                .param("user", user)
                .param("org", org)
                .query(Long.class)
                .single());
    }

    private static String addNotification(RunningScheduler scheduler, UUID account, String user, String org) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    with created as (
                      insert into notification (id, user_id, org_id, routing, priority, recipient, content, run_at,
                                                created_at)
                      values (gen_random_uuid(), :user, :org, 'all', 0, '{"email": "bo@example.org"}',
                              '{"text": "Hello."}', now() + interval '1 hour', now())
                      returning id, run_at)
                    insert into notification_delivery (id, notification_id, position, user_integration_id,
                                                       integration_domain, priority, due_at)
                    select gen_random_uuid(), id, 0, :account, 'hello', 0, run_at from created
                    returning notification_id
                    """)
                .param("user", user)
                .param("org", org)
                .param("account", account)
                .query(UUID.class)
                .single()
                .toString();
    }

    private static void addActivityAndFigure(RunningScheduler scheduler, UUID account) {
        scheduler.database().jdbc().sql("""
                    with post as (
                      insert into user_integration_content (user_integration_id, integration_domain, external_id, kind,
                        content, unified, content_hash, run_id, run_sequence)
                      values (:id, 'hello', 'post-' || gen_random_uuid(), 'post', '{}', '{"text": "Hello."}', '',
                        gen_random_uuid(), 1)),
                    series as (
                      insert into metric_series (user_integration_id, key, series, dimensions)
                      values (:id, gen_random_uuid(), 'greetings', '{"of": "post"}') returning id)
                    insert into metric_point (series_id, at, value, run_id, run_sequence)
                    select id, '1999-01-01T00:00:00Z', 1, gen_random_uuid(), 1 from series
                    """).param("id", account).update();
    }

    /** Whether a path names a row. */
    public boolean names(String path) {
        return ids.keySet().stream().anyMatch(path::startsWith);
    }

    /** The path with the ids of the rows in place of its variables. */
    public String fill(String path) {
        for (var row : ids.entrySet()) {
            if (path.startsWith(row.getKey())) {
                return row.getKey().replaceAll("\\{.*}", row.getValue())
                        + path.substring(row.getKey().length());
            }
        }
        String filled = path.replace("{platform}", "hello").replace("{syncType}", "default");
        if (filled.contains("{")) {
            throw new AssertionError("tell RowsOfAUser what row " + path + " is about");
        }
        return filled;
    }
}
