package io.tributary.scheduler.notifications;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.notifications.Notification.Delivery;
import io.tributary.scheduler.notifications.Notification.Failure;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table notification, and the deliveries of each, as requests create, read and cancel them. */
@Component
record NotificationTable(JdbcClient jdbc) {

    private static final String INSERT = """
        insert into notification (id, user_id, org_id, routing, priority, recipient, content, run_at, created_at,
                                  request)
        select id, :userId, :orgId, routing, priority, recipient::jsonb, content::jsonb, run_at, :now,
               decode(request, 'hex')
        from unnest(:ids::uuid[], :routings::text[], :priorities::smallint[], :recipients::text[], :contents::text[],
                    :runAts::timestamptz[], :requests::text[])
          as draft (id, routing, priority, recipient, content, run_at, request)
        on conflict do nothing
        returning id
        """;

    private static final String HAS_OTHER_REQUEST = """
        select exists (
          select from notification n
          join unnest(:ids::uuid[], :requests::text[]) as draft (id, request) on draft.id = n.id
          where n.request <> decode(draft.request, 'hex'))
        """;

    private static final String INSERT_DELIVERIES = """
        insert into notification_delivery (id, notification_id, position, user_integration_id, integration_domain,
                                           priority, due_at)
        select gen_random_uuid(), notification_id, position, user_integration_id, integration_domain, n.priority,
               case when n.routing = 'all' or position = 0 then n.run_at end
        from unnest(:ids::uuid[], :positions::smallint[], :accounts::uuid[], :domains::text[])
          as channel (notification_id, position, user_integration_id, integration_domain)
        join notification n on n.id = notification_id
        """;

    private static final String SELECT = """
        select id, status, routing, priority, recipient::text as recipient, run_at, created_at, ended_at
        from notification
        """;

    private static final String FIND = SELECT + " where id = :id and %s";

    // A cursor is the id of a notification: earlier ones come next.
    private static final String LIST = SELECT + """
        where %s and (:status::text is null or status = :status::text)
          and (:after::uuid is null or (created_at, id) <
               (select created_at, id from notification where id = :after::uuid))
        order by created_at desc, id desc
        limit :limit
        """;

    private static final String DELIVERIES = """
        select notification_id, user_integration_id, status, provider_id, attempts, error_code, error_message
        from notification_delivery where notification_id = any (:ids::uuid[]) order by notification_id, position
        """;

    // Whoever ends a delivery locks it, then the notification, then the deliveries behind it. So does this.
    private static final String LOCK = """
        select d.id from notification n join notification_delivery d on d.notification_id = n.id
        where n.id = :id and %s
        order by d.position
        for update of d
        """;

    private static final String CANCEL = """
        update notification_delivery set status = 'cancelled', due_at = null
        where notification_id = :id and status = 'scheduled'
        """;

    /**
     * Inserts notifications with their deliveries, within a transaction. One whose id exists stays as it is.
     *
     * @return the ids that were inserted
     */
    List<UUID> insert(List<Draft> drafts, Caller owner, Instant now) {
        var inserted = jdbc.sql(INSERT)
                .param("userId", owner.userId())
                .param("orgId", owner.orgId())
                .param(
                        "ids",
                        drafts.stream().map(draft -> draft.id().toString()).toArray(String[]::new))
                .param(
                        "routings",
                        drafts.stream()
                                .map(draft -> draft.fallback() ? "fallback" : "all")
                                .toArray(String[]::new))
                .param("priorities", drafts.stream().map(Draft::priority).toArray(Integer[]::new))
                .param("recipients", drafts.stream().map(Draft::recipient).toArray(String[]::new))
                .param("contents", drafts.stream().map(Draft::content).toArray(String[]::new))
                .param(
                        "runAts",
                        drafts.stream().map(draft -> draft.runAt().toString()).toArray(String[]::new))
                .param("requests", requests(drafts))
                .param("now", SqlTime.of(now))
                .query(UUID.class)
                .list();
        insertDeliveries(
                drafts.stream().filter(draft -> inserted.contains(draft.id())).toList());
        return inserted;
    }

    private static @Nullable String[] requests(List<Draft> drafts) {
        return drafts.stream().map(Draft::request).toArray(String[]::new);
    }

    /** Whether a different request created one of the notifications that have the ids of these. */
    boolean hasOtherRequest(List<Draft> drafts) {
        return jdbc.sql(HAS_OTHER_REQUEST)
                .param(
                        "ids",
                        drafts.stream().map(draft -> draft.id().toString()).toArray(String[]::new))
                .param("requests", requests(drafts))
                .query(Boolean.class)
                .single();
    }

    private void insertDeliveries(List<Draft> drafts) {
        var ids = new ArrayList<String>();
        var positions = new ArrayList<Integer>();
        var accounts = new ArrayList<@Nullable String>();
        var domains = new ArrayList<String>();
        for (Draft draft : drafts) {
            for (Account channel : draft.channels()) {
                ids.add(draft.id().toString());
                positions.add(draft.channels().indexOf(channel));
                accounts.add(channel.id().toString());
                domains.add(channel.integrationDomain());
            }
            if (draft.channels().isEmpty()) {
                ids.add(draft.id().toString());
                positions.add(0);
                accounts.add(null);
                domains.add(Draft.INBOX);
            }
        }
        jdbc.sql(INSERT_DELIVERIES)
                .param("ids", ids.toArray(String[]::new))
                .param("positions", positions.toArray(Integer[]::new))
                .param("accounts", accounts.toArray(new @Nullable String[0]))
                .param("domains", domains.toArray(String[]::new))
                .update();
    }

    Optional<Notification> find(UUID id, Caller caller) {
        return withDeliveries(caller.statement(jdbc, FIND, "user_id")
                        .param("id", id)
                        .query((row, _) -> notification(row))
                        .list())
                .stream()
                .findFirst();
    }

    /**
     * Newest first, those after the given one.
     *
     * @param status only those of it; null: all
     */
    List<Notification> list(@Nullable String status, @Nullable UUID after, int limit, Caller caller) {
        return withDeliveries(caller.statement(jdbc, LIST, "user_id")
                .param("status", status)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> notification(row))
                .list());
    }

    /** Locks the deliveries of a notification until the end of the transaction; false: the caller has no such one. */
    boolean lock(UUID id, Caller caller) {
        return !caller.statement(jdbc, LOCK, "n.user_id")
                .param("id", id)
                .query(UUID.class)
                .list()
                .isEmpty();
    }

    /** Cancels the deliveries of a locked notification that are not queued; returns their number. */
    int cancel(UUID id) {
        return jdbc.sql(CANCEL).param("id", id).update();
    }

    private List<Notification> withDeliveries(List<Notification> found) {
        if (found.isEmpty()) {
            return found;
        }
        var deliveries = deliveriesOf(found.stream().map(Notification::id).toList());
        return found.stream()
                .map(it -> new Notification(
                        it.id(),
                        it.status(),
                        it.routing(),
                        it.priority(),
                        it.to(),
                        it.runAt(),
                        it.createdAt(),
                        it.endedAt(),
                        deliveries.getOrDefault(it.id(), List.of())))
                .toList();
    }

    private Map<UUID, List<Delivery>> deliveriesOf(Collection<UUID> ids) {
        var deliveries = new HashMap<UUID, List<Delivery>>();
        jdbc.sql(DELIVERIES)
                .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .query((ResultSet row) -> {
                    deliveries
                            .computeIfAbsent(row.getObject("notification_id", UUID.class), _ -> new ArrayList<>())
                            .add(delivery(row));
                });
        return deliveries;
    }

    private static Notification notification(ResultSet row) throws SQLException {
        return new Notification(
                row.getObject("id", UUID.class),
                row.getString("status"),
                row.getString("routing"),
                row.getInt("priority"),
                JsonMapper.shared().readValue(row.getString("recipient"), Recipient.class),
                SqlTime.read(row, "run_at"),
                SqlTime.read(row, "created_at"),
                SqlTime.find(row, "ended_at"),
                List.of());
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        String code = row.getString("error_code");
        return new Delivery(
                row.getObject("user_integration_id", UUID.class),
                row.getString("status"),
                row.getString("provider_id"),
                row.getInt("attempts"),
                code == null ? null : new Failure(code, row.getString("error_message")));
    }
}
