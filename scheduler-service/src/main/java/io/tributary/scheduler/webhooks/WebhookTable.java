package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** The table webhook. */
@Component
record WebhookTable(JdbcClient jdbc) {

    private static final String SELECT = "select id, user_id, url, event_types, created_at, failing_since, disabled_at,"
            + " disabled_reason from webhook";

    private static final String INSERT = """
        insert into webhook (id, user_id, org_id, url, event_types, secret, created_at)
        values (:id, :userId, :orgId, :url, :types::text[], :secret, :now)
        """;

    private static final String FAILED = """
        update webhook
        set failures = failures + 1,
            failing_since = coalesce(failing_since, :now),
            retry_at = case when failures + 1 >= :open
                then :now::timestamptz
                  + least(interval '1 minute' * power(2, least(failures + 1 - :open, 10)), interval '1 hour')
              end,
            disabled_at = case when failures + 1 >= :open and failing_since <= :before then :now::timestamptz end,
            disabled_reason = case when failures + 1 >= :open and failing_since <= :before then :reason end
        where id = :id and disabled_at is null
        returning disabled_at is not null
        """;

    private static final String DISABLE = """
        update webhook set disabled_at = :now, disabled_reason = :reason where id = :id and disabled_at is null
        """;

    private static final String WORKING = """
        update webhook
        set failures = 0, failing_since = null, retry_at = null, disabled_at = null, disabled_reason = null
        where id = :id
        """;

    void insert(Webhook webhook, String orgId, byte[] sealedSecret) {
        List<String> types = webhook.eventTypes();
        jdbc.sql(INSERT)
                .param("id", webhook.id())
                .param("userId", webhook.userId())
                .param("orgId", orgId)
                .param("url", webhook.url())
                .param("types", types == null ? null : new SqlArrayValue("text", types.toArray()), Types.ARRAY)
                .param("secret", sealedSecret)
                .param("now", SqlTime.of(webhook.createdAt()))
                .update();
    }

    /** Lists webhooks of the caller, in the order of their ids. */
    List<Webhook> list(UUID after, int limit, Caller caller) {
        return caller.statement(jdbc, SELECT + " where id > :after and %s order by id limit :limit", "user_id")
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> webhook(row))
                .list();
    }

    /** Finds a webhook of the caller. */
    Optional<Webhook> find(UUID id, Caller caller) {
        return caller.statement(jdbc, SELECT + " where id = :id and %s", "user_id")
                .param("id", id)
                .query((row, _) -> webhook(row))
                .optional();
    }

    /** Deletes a webhook of the caller with its deliveries; returns whether there was one. */
    boolean delete(UUID id, Caller caller) {
        return caller.statement(jdbc, "delete from webhook where id = :id and %s", "user_id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Those of some users who have a webhook. */
    Set<String> usersAmong(List<String> userIds) {
        return jdbc.sql("select distinct user_id from webhook where user_id = any (:userIds)")
                .param("userIds", userIds.toArray(String[]::new))
                .query(String.class)
                .set();
    }

    /**
     * Counts a failed delivery, and sets the time of the next attempt once there are several in a row.
     *
     * @param open number of failures in a row from which on the webhook waits
     * @param before a webhook that has waited and failed since then is disabled
     * @param reason shown at a webhook that is disabled
     * @return whether this failure disabled the webhook
     */
    boolean countFailure(UUID id, int open, Instant before, String reason, Instant now) {
        return jdbc.sql(FAILED)
                .param("id", id)
                .param("open", open)
                .param("before", SqlTime.of(before))
                .param("reason", reason)
                .param("now", SqlTime.of(now))
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /**
     * Disables a webhook.
     *
     * @param reason shown at it
     * @return whether it was enabled
     */
    boolean disable(UUID id, String reason, Instant now) {
        return jdbc.sql(DISABLE)
                        .param("id", id)
                        .param("reason", reason)
                        .param("now", SqlTime.of(now))
                        .update()
                > 0;
    }

    /** Forgets all failures; a disabled webhook is enabled. */
    void forgetFailures(UUID id) {
        jdbc.sql(WORKING).param("id", id).update();
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        Array types = row.getArray("event_types");
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                row.getString("url"),
                types == null ? null : List.of((String[]) types.getArray()),
                SqlTime.read(row, "created_at"),
                SqlTime.find(row, "failing_since"),
                SqlTime.find(row, "disabled_at"),
                row.getString("disabled_reason"),
                null);
    }
}
