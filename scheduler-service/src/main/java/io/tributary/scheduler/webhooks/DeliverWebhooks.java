package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.outbound.Outbound;
import java.net.URI;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Posts what is due. An answer of 2xx delivers; anything else is tried again, later each time, 8 attempts within some 28
 * hours in all. At least once: a crash after the answer delivers again, with the same {@code webhook-id}.
 *
 * <p>Slow receivers hold up nobody: each attempt has a thread of its own, 50 at a time. Several replicas share the work.
 */
public final class DeliverWebhooks implements AutoCloseable {

    /** Waits between the attempts. */
    static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(10),
            Duration.ofHours(15));

    static final int MAX_ATTEMPTS = WAITS.size() + 1;

    private static final int AT_A_TIME = 50;

    /** After which an attempt counts as crashed: longer than one may take. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String TAKE = """
        update webhook_delivery d
        set attempts = attempts + 1, next_attempt_at = :lease
        from webhook w
        where w.id = d.webhook_id and d.id in (
          select id from webhook_delivery where status = 'pending' and next_attempt_at <= :now
          order by next_attempt_at limit :batch for update skip locked)
        returning d.id, d.webhook_id, d.event_id, d.body, d.attempts, w.url, w.secret
        """;

    private static final String END = """
        update webhook_delivery
        set status = :status, next_attempt_at = :next, last_status = :lastStatus, last_error = :lastError,
            ended_at = case when :status = 'pending' then null else :now end
        where id = :id and status = 'pending' and attempts = :attempts
        """;

    private static final Logger log = LoggerFactory.getLogger(DeliverWebhooks.class);

    private record Delivery(
            long id, UUID webhookId, UUID eventId, String body, int attempts, String url, byte[] secret) {}

    private final JdbcClient jdbc;
    private final SealCredentials seal;
    private final Outbound outbound;
    private final Clock clock;
    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-", 0).factory());

    public DeliverWebhooks(JdbcClient jdbc, SealCredentials seal, Outbound outbound, Clock clock) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.outbound = outbound;
        this.clock = clock;
    }

    /** Begins what is due and there are threads for, on a timer. A failure is logged and left to the next call. */
    public void run() {
        try {
            List<Delivery> taken;
            do {
                int room = free.availablePermits();
                if (room == 0) {
                    return;
                }
                taken = take(room);
                free.acquireUninterruptibly(taken.size()); // Only this method takes, one call at a time.
                taken.forEach(delivery -> executor.execute(() -> attempt(delivery)));
            } while (!taken.isEmpty());
        } catch (DataAccessException e) {
            log.warn("webhooks are not delivered now code=webhooks.deliveryFailed", e);
        }
    }

    /** Removes old entries of the delivery log, on a timer. */
    public void tidyUp() {
        try {
            jdbc.sql("""
                    delete from webhook_delivery where id in (
                      select id from webhook_delivery where ended_at < :before limit 10000)
                    """)
                    .param("before", SqlTime.of(clock.instant().minus(KEPT)))
                    .update();
        } catch (DataAccessException e) {
            log.warn("old deliveries are not removed now code=webhooks.tidyUpFailed", e);
        }
    }

    private List<Delivery> take(int room) {
        Instant now = clock.instant();
        return jdbc.sql(TAKE)
                .param("now", SqlTime.of(now))
                .param("lease", SqlTime.of(now.plus(LEASE)))
                .param("batch", room)
                .query((row, _) -> new Delivery(
                        row.getLong("id"),
                        row.getObject("webhook_id", UUID.class),
                        row.getObject("event_id", UUID.class),
                        row.getString("body"),
                        row.getInt("attempts"),
                        row.getString("url"),
                        row.getBytes("secret")))
                .list();
    }

    private void attempt(Delivery delivery) {
        try {
            end(delivery, post(delivery));
        } catch (DataAccessException e) {
            log.warn("the end of a delivery is not noted, it is tried again webhookId={}", delivery.webhookId(), e);
        } finally {
            free.release();
        }
    }

    private Outbound.Result post(Delivery delivery) {
        String id = delivery.eventId().toString();
        long timestamp = clock.instant().getEpochSecond();
        try {
            String secret = seal.openJson(delivery.webhookId(), delivery.secret(), String.class);
            return outbound.post(
                    URI.create(delivery.url()),
                    "application/json",
                    delivery.body(),
                    Map.of(
                            "webhook-id", id,
                            "webhook-timestamp", Long.toString(timestamp),
                            "webhook-signature", Signature.of(secret, id, timestamp, delivery.body())));
        } catch (IllegalStateException e) {
            log.error("a webhook's secret does not open webhookId={}", delivery.webhookId(), e);
            return new Outbound.Silent("the signing secret does not open with this service's keyset");
        }
    }

    private void end(Delivery delivery, Outbound.Result result) {
        switch (result) {
            case Outbound.Answered answer
            when answer.status() >= 200 && answer.status() < 300 ->
                note(delivery, "delivered", null, answer.status(), null);
            case Outbound.Answered answer ->
                retry(delivery, answer.status(), "the receiver answered " + answer.status());
            case Outbound.Silent(var reason) -> retry(delivery, null, reason);
            case Outbound.Refused(var reason) -> retry(delivery, null, "refused: " + reason);
        }
    }

    private void retry(Delivery delivery, @Nullable Integer status, String error) {
        if (delivery.attempts() >= MAX_ATTEMPTS) {
            note(delivery, "failed", null, status, error);
        } else {
            Instant next = clock.instant().plus(WAITS.get(delivery.attempts() - 1));
            note(delivery, "pending", next, status, error);
        }
    }

    private void note(
            Delivery delivery,
            String status,
            @Nullable Instant next,
            @Nullable Integer lastStatus,
            @Nullable String lastError) {
        jdbc.sql(END)
                .param("id", delivery.id())
                .param("attempts", delivery.attempts())
                .param("status", status)
                .param("next", next == null ? null : SqlTime.of(next), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("lastStatus", lastStatus, Types.INTEGER)
                .param("lastError", lastError, Types.VARCHAR)
                .param("now", SqlTime.of(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Waits for the attempts under way. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
