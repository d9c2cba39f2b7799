package io.tributary.scheduler.notifications;

import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.schemas.SyncStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table notification_delivery, for the step that queues what is due. */
@Component
record DueDeliveries(JdbcClient jdbc) {

    // By priority, as the index is: the first ones cost the same, whatever else is due. Contents are read of the first
    // ones only, up to a number of bytes; the others stay locked, and due.
    private static final String LOCK = """
        with locked as (
          select d.*, n.org_id, octet_length(n.content::text) as bytes
          from generate_series(0, 9) as level cross join lateral (
            select id, notification_id, user_integration_id, integration_domain, priority, due_at
            from notification_delivery
            where priority = level and status = 'scheduled' and due_at is not null and due_at <= :now
            order by due_at
            limit :batch
            for update skip locked) d
          join notification n on n.id = d.notification_id
          limit :batch),
        summed as (
          select *, sum(bytes) over (order by priority, due_at, id) - bytes as bytes_before, count(*) over () as locked
          from locked)
        select d.id, d.notification_id, d.priority, d.due_at,
               n.recipient::text as recipient, n.content::text as content,
               d.integration_domain as domain, i.id as account, i.user_id, i.integration_domain, i.sync_status,
               d.org_id, d.locked
        from summed d
        join notification n on n.id = d.notification_id
        left join user_integration i on i.id = d.user_integration_id
        where d.bytes_before < :maxBytes
        order by d.priority, d.due_at, d.id
        """;

    private static final String QUEUED = """
        update notification_delivery d set status = 'queued', due_at = null, run_id = queued.run_id
        from unnest(:ids::uuid[], :runs::uuid[]) as queued (id, run_id)
        where d.id = queued.id
        """;

    private static final String WATCH = """
        insert into notification_run (run_id, look_at)
        select distinct run_id, :now::timestamptz from unnest(:runs::uuid[]) as run_id
        on conflict (run_id) do nothing
        """;

    private static final String DELIVERED = """
        update notification_delivery set status = 'delivered', due_at = null, attempts = 1
        where id = any (:ids::uuid[])
        """;

    private static final String POSTPONED = """
        update notification_delivery d set due_at = postponed.until
        from unnest(:ids::uuid[], :untils::timestamptz[]) as postponed (id, until)
        where d.id = postponed.id
        """;

    private static final String FAILED = """
        update notification_delivery d
        set status = 'failed', due_at = null, error_code = failed.code, error_message = failed.message
        from unnest(:ids::uuid[], :codes::text[], :messages::text[]) as failed (id, code, message)
        where d.id = failed.id
        """;

    /**
     * A due delivery, locked.
     *
     * @param domain of the channel
     * @param account null: it was deleted
     * @param recipient JSON object as text
     * @param content JSON object as text
     * @param locked number of due deliveries that are locked, with those whose contents did not fit
     */
    record Due(
            UUID id,
            UUID notificationId,
            int priority,
            Instant dueAt,
            String domain,
            @Nullable Account account,
            @Nullable SyncStatus status,
            String orgId,
            String recipient,
            String content,
            int locked) {

        private static Due read(ResultSet row) throws SQLException {
            boolean exists = row.getObject("account") != null;
            return new Due(
                    row.getObject("id", UUID.class),
                    row.getObject("notification_id", UUID.class),
                    row.getInt("priority"),
                    SqlTime.read(row, "due_at"),
                    row.getString("domain"),
                    exists ? Account.read(row, "account") : null,
                    exists ? SyncStatus.valueOf(row.getString("sync_status")) : null,
                    row.getString("org_id"),
                    row.getString("recipient"),
                    row.getString("content"),
                    row.getInt("locked"));
        }
    }

    /** A delivery that is due again later. */
    record Postponed(UUID id, Instant until) {}

    /** A delivery that is not sent, and why. */
    record Failed(UUID id, String domain, String code, String message) {}

    /**
     * Locks due deliveries until the end of the transaction, the most urgent first; skips those locked elsewhere.
     *
     * @param batch most deliveries
     * @param maxBytes of their contents; one that begins below it is returned whole
     */
    List<Due> lock(Instant now, int batch, int maxBytes) {
        ByIndex.prefer(jdbc);
        return jdbc.sql(LOCK)
                .param("now", SqlTime.of(now))
                .param("batch", batch)
                .param("maxBytes", maxBytes)
                .query((row, _) -> Due.read(row))
                .list();
    }

    /** Marks locked deliveries as queued, each with its run, and has the runs watched until their deliveries end. */
    void queued(Map<UUID, UUID> runs, Instant now) {
        if (runs.isEmpty()) {
            return;
        }
        var entries = runs.entrySet();
        jdbc.sql(WATCH)
                .param("runs", texts(entries, entry -> entry.getValue().toString()))
                .param("now", SqlTime.of(now))
                .update();
        jdbc.sql(QUEUED)
                .param("ids", texts(entries, entry -> entry.getKey().toString()))
                .param("runs", texts(entries, entry -> entry.getValue().toString()))
                .update();
    }

    /** Ends locked deliveries that are in the inbox. */
    void delivered(Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql(DELIVERED).param("ids", texts(ids, UUID::toString)).update();
        }
    }

    /** Makes locked deliveries due later. */
    void postponed(List<Postponed> postponed) {
        if (!postponed.isEmpty()) {
            jdbc.sql(POSTPONED)
                    .param("ids", texts(postponed, each -> each.id().toString()))
                    .param("untils", texts(postponed, each -> each.until().toString()))
                    .update();
        }
    }

    /** Ends locked deliveries that are not sent. */
    void failed(List<Failed> failures) {
        if (failures.isEmpty()) {
            return;
        }
        jdbc.sql(FAILED)
                .param("ids", texts(failures, failure -> failure.id().toString()))
                .param("codes", texts(failures, Failed::code))
                .param("messages", texts(failures, Failed::message))
                .update();
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        Stream<String> texts = values.stream().map(text);
        return texts.toArray(String[]::new);
    }
}
