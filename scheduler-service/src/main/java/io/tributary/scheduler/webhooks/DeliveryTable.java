package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.webhooks.Slots.Receiver;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table webhook_delivery: an event on its way to a webhook. */
@Component
record DeliveryTable(JdbcClient jdbc) {

    private static final String QUEUE = """
        insert into webhook_delivery (webhook_id, event_id, event_type, body, next_attempt_at)
        select w.id, e.id, e.type, e.body, now()
        from unnest(:ids::uuid[], :types::text[], :bodies::text[], :userIds::text[], :ats::timestamptz[])
          as e (id, type, body, user_id, at)
        join event_outbox o on o.id = e.id
        join webhook w on w.user_id = e.user_id and w.org_id = o.org_id
        where (w.event_types is null or e.type = any (w.event_types)) and w.created_at <= e.at
          and w.disabled_at is null
        on conflict (webhook_id, event_id) do nothing
        """;

    // The index has the earliest delivery of each webhook first: the cost depends on the webhooks, however many
    // deliveries of one wait.
    private static final String WAITING = """
        with recursive waiting (id, due) as (
          (select webhook_id, next_attempt_at from webhook_delivery
            where status = 'pending' and webhook_id > :after
            order by webhook_id, next_attempt_at limit 1)
          union all
          select next.webhook_id, next.next_attempt_at
            from waiting, lateral (
              select webhook_id, next_attempt_at from webhook_delivery
               where status = 'pending' and webhook_id > waiting.id
               order by webhook_id, next_attempt_at limit 1) next)
        select w.id, w.user_id, w.url, w.failures,
               waiting.due <= :now and (w.retry_at is null or w.retry_at <= :now) and w.disabled_at is null as ready
        from (select id, due from waiting limit :limit) waiting
        join webhook w on w.id = waiting.id
        order by w.id
        """;

    private static final String TAKE = """
        update webhook_delivery d
        set attempts = attempts + 1, next_attempt_at = :lease
        from webhook w
        where w.id = d.webhook_id and d.id in (
          select due.id
          from unnest(:webhooks::uuid[], :slots::int[]) as chosen (webhook_id, slots)
          cross join lateral (
            select id from webhook_delivery
            where webhook_id = chosen.webhook_id and status = 'pending' and next_attempt_at <= :now
            order by next_attempt_at limit chosen.slots for update skip locked) due)
        returning d.id, d.webhook_id, d.event_id, d.body, d.attempts, w.url, w.secret, w.failures
        """;

    private static final String END = """
        update webhook_delivery
        set status = :status, next_attempt_at = :next, last_status = :lastStatus, last_error = :lastError,
            ended_at = case when :status = 'pending' then null else :now end
        where id = :id and status = 'pending' and attempts = :attempts
        """;

    private static final String GIVE_UP = """
        update webhook_delivery
        set status = 'failed', next_attempt_at = null, last_error = :error, ended_at = :now
        where id in (
          select id from webhook_delivery where webhook_id = :webhookId and status = 'pending' limit :batch)
        """;

    private static final String LIST = """
        select id, event_id, event_type, status, attempts, next_attempt_at, last_status, last_error, created_at, ended_at
        from webhook_delivery where webhook_id = :id and id < :before order by id desc limit :limit
        """;

    /** An event, as it is posted. */
    record NewDelivery(UUID eventId, String eventType, String body, String userId, Instant at) {}

    /** Queues a delivery for each enabled webhook of the event's user that subscribes to it, once. */
    void queue(List<NewDelivery> deliveries) {
        jdbc.sql(QUEUE)
                .param("ids", texts(deliveries, delivery -> delivery.eventId().toString()))
                .param("types", texts(deliveries, NewDelivery::eventType))
                .param("bodies", texts(deliveries, NewDelivery::body))
                .param("userIds", texts(deliveries, NewDelivery::userId))
                .param("ats", texts(deliveries, delivery -> delivery.at().toString()))
                .update();
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    /**
     * A webhook for which deliveries wait.
     *
     * @param ready whether one of them is due now, and its circuit is not open
     */
    record Waiting(Receiver receiver, boolean ready) {}

    /**
     * Webhooks with deliveries that wait, in the order of their ids.
     *
     * @param after only webhooks with a higher id
     * @param limit most webhooks
     */
    List<Waiting> waiting(UUID after, int limit, Instant now) {
        return jdbc.sql(WAITING)
                .param("after", after)
                .param("limit", limit)
                .param("now", SqlTime.of(now))
                .query((row, _) -> new Waiting(receiver(row), row.getBoolean("ready")))
                .list();
    }

    private static Receiver receiver(ResultSet row) throws SQLException {
        String host = URI.create(row.getString("url")).getHost();
        return new Receiver(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                host == null ? "" : host.toLowerCase(Locale.ROOT),
                row.getInt("failures") >= WebhookState.OPEN_AFTER);
    }

    /**
     * A delivery that this replica attempts.
     *
     * @param failures of its webhook in a row, before this attempt
     */
    record Delivery(
            long id,
            UUID webhookId,
            UUID eventId,
            String body,
            int attempts,
            String url,
            byte[] secret,
            int failures) {}

    /**
     * Takes due deliveries, those of a webhook in the order of their times.
     *
     * @param slots most deliveries of each webhook
     * @param lease when another replica may take them, if they have not ended
     */
    List<Delivery> take(Map<UUID, Integer> slots, Instant now, Instant lease) {
        return jdbc.sql(TAKE)
                .param("webhooks", texts(slots.keySet(), UUID::toString))
                .param("slots", slots.values().toArray(Integer[]::new))
                .param("now", SqlTime.of(now))
                .param("lease", SqlTime.of(lease))
                .query(Delivery.class)
                .list();
    }

    /**
     * The result of an attempt.
     *
     * @param status delivered, failed or pending
     * @param next time of the next attempt; null: the delivery has ended
     */
    record Ended(
            String status,
            @Nullable Instant next,
            @Nullable Integer lastStatus,
            @Nullable String lastError) {}

    /** Stores the result of an attempt, unless another replica has taken the delivery since. */
    void end(Delivery delivery, Ended result, Instant now) {
        Instant next = result.next();
        jdbc.sql(END)
                .param("id", delivery.id())
                .param("attempts", delivery.attempts())
                .param("status", result.status())
                .param("next", next == null ? null : SqlTime.of(next), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("lastStatus", result.lastStatus(), Types.INTEGER)
                .param("lastError", result.lastError(), Types.VARCHAR)
                .param("now", SqlTime.of(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Ends deliveries of a webhook that wait; returns their number. */
    int giveUp(UUID webhookId, String error, int batch, Instant now) {
        return jdbc.sql(GIVE_UP)
                .param("webhookId", webhookId)
                .param("error", error)
                .param("batch", batch)
                .param("now", SqlTime.of(now))
                .update();
    }

    /** The deliveries of a webhook with a lower id, newest first. */
    List<WebhookDelivery> list(UUID webhookId, long before, int limit) {
        return jdbc.sql(LIST)
                .param("id", webhookId)
                .param("before", before)
                .param("limit", limit)
                .query(WebhookDelivery.class)
                .list();
    }
}
