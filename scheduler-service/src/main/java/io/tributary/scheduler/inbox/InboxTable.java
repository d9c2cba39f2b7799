package io.tributary.scheduler.inbox;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table inbox_item. The inbox of a user has the items of the organisation of the token, and those from before there
 * was one.
 */
@Component
public record InboxTable(JdbcClient jdbc) {

    private static final String OWN = "user_id = :userId and org_id in (:orgId, :userId)";

    private static final String LIST = """
        select i.id, i.notification_id, n.content ->> 'subject' as subject, n.content ->> 'text' as text,
               n.content ->> 'html' as html, (n.content -> 'data')::text as data, i.created_at, i.read_at
        from inbox_item i join notification n on n.id = i.notification_id
        where i.user_id = :userId and i.org_id in (:orgId, :userId) and i.id < :before
        order by i.id desc limit :limit
        """;

    private static final String COUNT_UNREAD =
            "select count(*) from (select 1 from inbox_item where " + OWN + " and read_at is null limit 1000) unread";

    // A notification that was read was opened.
    private static final String MARK = """
        with marked as (
          update inbox_item set read_at = :now
          where id in (select id from inbox_item
                       where %s and read_at is null
                       order by id limit 1000)
          returning notification_id)
        update notification_delivery d set status = 'opened'
        from marked
        where d.notification_id = marked.notification_id and d.user_integration_id is null and d.status = 'delivered'
        """;

    private static final String MARK_ONE = MARK.formatted("id = :id and %s");

    private static final String MARK_ALL = MARK.formatted(OWN);

    private static final String EXISTS = "select exists (select from inbox_item where id = :id and %s)";

    private static final String ADD = """
        insert into inbox_item (notification_id, user_id, org_id, created_at)
        select id, recipient ->> 'userId', org_id, :now from notification where id = any (:ids::uuid[])
        on conflict (notification_id) do nothing
        """;

    /** Puts notifications into the inboxes of their recipients, once. */
    public void add(Collection<UUID> notifications, Instant now) {
        jdbc.sql(ADD)
                .param("ids", notifications.stream().map(UUID::toString).toArray(String[]::new))
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Those with a lower id, newest first. */
    List<InboxItem> list(long before, int limit, Caller caller) {
        return own(LIST, caller)
                .param("before", before)
                .param("limit", limit)
                .query(InboxItem.class)
                .list();
    }

    long countUnread(Caller caller) {
        return own(COUNT_UNREAD, caller).query(Long.class).single();
    }

    boolean exists(long id, Caller caller) {
        return caller.statement(jdbc, EXISTS, "user_id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** Marks an item as read; returns whether it was unread. */
    boolean markRead(long id, Instant now, Caller caller) {
        return caller.statement(jdbc, MARK_ONE, "user_id")
                        .param("id", id)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Marks the oldest unread items of the caller as read, 1,000 at most; returns their number. */
    int markAllRead(Instant now, Caller caller) {
        return own(MARK_ALL, caller).param("now", SqlTime.of(now)).update();
    }

    private JdbcClient.StatementSpec own(String sql, Caller caller) {
        return jdbc.sql(sql).param("userId", caller.userId()).param("orgId", caller.orgId());
    }
}
