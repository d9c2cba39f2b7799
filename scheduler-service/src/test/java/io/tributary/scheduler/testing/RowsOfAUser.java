package io.tributary.scheduler.testing;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row of each kind that a user owns, and a body for each call. */
public record RowsOfAUser(Map<String, String> ids, UUID userIntegration) {

    /** Key of an effect of the account. */
    private static final String EFFECT = "hello-of-today";

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
        addEffect(scheduler, account);
        UUID invoice = addInvoice(scheduler, org);
        addEndpoint(scheduler, account);
        UUID endpointOfApp = addEndpoint(scheduler, null);
        var notifications = RowsOfNotifications.create(scheduler, api, account, user, org);
        return new RowsOfAUser(
                Map.ofEntries(
                        Map.entry("/v1/webhooks/{id}", webhook.toString()),
                        Map.entry("/v1/user-integration-content/{id}", Long.toString(content)),
                        Map.entry("/v1/user-integrations/{id}", account.toString()),
                        Map.entry("/v1/sync-runs/{id}", run),
                        Map.entry("/sync/queue/{id}", oneOff),
                        Map.entry("/v1/replays/{id}", replay.toString()),
                        Map.entry("/v1/dead-letters/{id}", letter.toString()),
                        Map.entry("/sync/pause/{name}", account.toString()),
                        Map.entry("/sync/resume/{name}", account.toString()),
                        Map.entry("/v1/invoices/{id}", invoice.toString()),
                        Map.entry("/v1/webhook-endpoints/{key}", endpointOfApp.toString()),
                        Map.entry("/v1/billing/accounts/{orgId}", org),
                        Map.entry("/v1/billing/plans/{id}", "plan-of-" + org),
                        Map.entry("/v1/notifications/{id}", notifications.notification()),
                        Map.entry("/v1/notification-templates/{id}", notifications.template()),
                        Map.entry("/v1/suppressions/{id}", notifications.suppression()),
                        Map.entry("/v1/inbox/{id}", notifications.inboxItem())),
                account);
    }

    private static void addEffect(RunningScheduler scheduler, UUID account) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into effect (user_integration_id, effect_key, action, run_id, task_id)
                    values (:id, :key, 'wave', gen_random_uuid(), gen_random_uuid())
                    """)
                .param("id", account)
                .param("key", EFFECT)
                .update();
    }

    /** @param account null: the endpoint belongs to the provider app of the deployment */
    private static UUID addEndpoint(RunningScheduler scheduler, @Nullable UUID account) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into webhook_endpoint (id, user_integration_id, integration_domain, secret, created_at)
                    values (gen_random_uuid(), :account::uuid, 'hello', '', now()) returning id
                    """)
                .param("account", account)
                .query(UUID.class)
                .single();
    }

    private static UUID addInvoice(RunningScheduler scheduler, String org) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    with plan as (
                      insert into billing_plan (id, currency, prices) values ('plan-of-' || :org, 'EUR', '[]')
                      on conflict (id) do update set currency = 'EUR' returning id),
                    account as (
                      insert into billing_account (org_id, plan_id, zone, cycle, billed_from, begins, ends)
                      select :org, id, 'UTC', 'month', now(), now(), now() + interval '1 month' from plan
                      on conflict do nothing)
                    insert into invoice (org_id, begins, ends, period, status, currency, fixed_fee, prices, billed_from)
                    values (:org, now() - random() * interval '1 year', now(), '2026-01-01/2026-02-01', 'issued', 'EUR',
                            0, '[]', now())
                    returning id
                    """)
                .param("org", org)
                .query(UUID.class)
                .single();
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
                        + path.substring(row.getKey().length())
                                .replace("{name}", "wave")
                                .replace("{key}", EFFECT);
            }
        }
        String filled = path.replace("{platform}", "hello").replace("{syncType}", "default");
        if (filled.contains("{")) {
            throw new AssertionError("tell RowsOfAUser what row " + path + " is about");
        }
        return filled;
    }
}
