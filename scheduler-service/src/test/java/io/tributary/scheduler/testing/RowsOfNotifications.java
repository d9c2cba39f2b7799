package io.tributary.scheduler.testing;

import java.util.UUID;

/** The ids of a row of each kind that notifications of a user have. */
record RowsOfNotifications(String notification, String template, String suppression, String inboxItem) {

    static RowsOfNotifications create(RunningScheduler scheduler, Api api, UUID account, String user, String org) {
        return new RowsOfNotifications(
                addNotification(scheduler, account, user, org),
                addTemplate(api),
                addSuppression(api),
                addInboxItem(scheduler, user, org));
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
}
