package io.tributary.scheduler.webhooks;

import static java.util.Objects.requireNonNull;

import io.tributary.egress.Outbound;
import io.tributary.egress.RetryAfter;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.webhooks.DeliveryTable.Delivery;
import io.tributary.scheduler.webhooks.DeliveryTable.Ended;
import io.tributary.scheduler.webhooks.DeliveryTable.Waiting;
import io.tributary.scheduler.webhooks.Slots.Receiver;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Posts due deliveries. A response of 2xx ends a delivery; any other result is retried, with growing waits, 8 attempts
 * in about 28 hours, or longer where the receiver requests it by Retry-After; only 410 disables the webhook at once.
 * Deliveries are at least once: a crash after the response posts again, with the same {@code
 * webhook-id}.
 *
 * <p>A slow receiver delays no other one: each attempt has its own thread and a slot, and {@link Slots} shares the
 * slots by webhook, user and host. A receiver that keeps failing gets fewer attempts, see
 * {@link WebhookState}. Several replicas share
 * the work.
 */
@Component
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

    /** Longest wait that a receiver can request by Retry-After. */
    private static final Duration LONGEST_REQUESTED_WAIT = Duration.ofHours(15);

    /** HTTP status by which a receiver says that it wants no more events. */
    private static final int GONE = 410;

    /** Webhooks that one statement looks at. */
    private static final int WEBHOOKS = 1_000;

    private static final UUID FIRST = new UUID(0, 0);

    /** Time after which an attempt counts as crashed; longer than one may take. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration STOP = Duration.ofSeconds(20);

    private static final Logger log = LoggerFactory.getLogger(DeliverWebhooks.class);

    private final DeliveryTable table;
    private final WebhookState state;
    private final SealCredentials seal;
    private final Outbound outbound;
    private final Slots slots;
    private final Clock clock;
    private UUID after = FIRST;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-", 0).factory());

    DeliverWebhooks(
            DeliveryTable table,
            WebhookState state,
            SealCredentials seal,
            Outbound outbound,
            WebhookProperties properties,
            Clock clock) {
        this.table = table;
        this.state = state;
        this.seal = seal;
        this.outbound = outbound;
        this.slots = new Slots(properties);
        this.clock = clock;
    }

    /** Starts due deliveries while there are free slots, on the timer's thread. A failure is left to the next call. */
    public void run() {
        try {
            boolean more;
            do {
                more = slots.free() > 0 && startSome();
            } while (more && !Thread.currentThread().isInterrupted());
        } catch (DataAccessException e) {
            log.warn("webhooks.deliveryFailed: webhooks are not delivered now, the next call goes on", e);
        }
    }

    /** Starts deliveries of the next webhooks; false: there was nothing to start, or no slot. */
    private boolean startSome() {
        Instant now = clock.instant();
        List<Waiting> waiting = table.waiting(after, WEBHOOKS, now);
        boolean toBeContinued = waiting.size() == WEBHOOKS;
        after = toBeContinued ? waiting.getLast().receiver().webhookId() : FIRST;
        var chosen = slots.take(
                waiting.stream().filter(Waiting::ready).map(Waiting::receiver).toList());
        return start(chosen, now) > 0 || toBeContinued;
    }

    private int start(Map<Receiver, Integer> chosen, Instant now) {
        if (chosen.isEmpty()) {
            return 0;
        }
        var receivers = new HashMap<UUID, Receiver>();
        var unused = new HashMap<UUID, Integer>();
        chosen.forEach((receiver, free) -> {
            receivers.put(receiver.webhookId(), receiver);
            unused.put(receiver.webhookId(), free);
        });
        List<Delivery> taken = List.of();
        try {
            taken = table.take(Map.copyOf(unused), now, now.plus(LEASE));
            taken.forEach(delivery -> unused.merge(delivery.webhookId(), -1, Integer::sum));
        } finally {
            unused.forEach((webhook, free) -> slots.release(requireNonNull(receivers.get(webhook)), free));
        }
        taken.forEach(delivery -> {
            Receiver receiver = requireNonNull(receivers.get(delivery.webhookId()));
            executor.execute(() -> attempt(delivery, receiver));
        });
        return taken.size();
    }

    private void attempt(Delivery delivery, Receiver receiver) {
        try {
            end(delivery, post(delivery));
        } catch (DataAccessException e) {
            log.warn(
                    "webhooks.deliveryFailed: result of a delivery not stored, it is tried again webhookId={}",
                    delivery.webhookId(),
                    e);
        } finally {
            slots.release(receiver, 1);
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
            log.error(
                    "webhooks.secretUnreadable: secret of a webhook does not open webhookId={}",
                    delivery.webhookId(),
                    e);
            return new Outbound.Silent("the signing secret does not open with this service's keyset", true);
        }
    }

    private void end(Delivery delivery, Outbound.Result result) {
        switch (result) {
            case Outbound.Answered answer
            when answer.status() >= 200 && answer.status() < 300 -> {
                table.end(delivery, new Ended("delivered", null, answer.status(), null), clock.instant());
                if (delivery.failures() > 0) {
                    state.working(delivery.webhookId());
                }
            }
            case Outbound.Answered answer
            when answer.status() == GONE -> {
                String error = "the receiver responded with 410: it is gone for good";
                table.end(delivery, new Ended("failed", null, GONE, error), clock.instant());
                state.gone(delivery.webhookId());
            }
            case Outbound.Answered answer ->
                failed(
                        delivery,
                        answer.status(),
                        "the receiver responded with " + answer.status(),
                        requestedWait(answer.retryAfter()));
            case Outbound.Silent silent -> failed(delivery, null, silent.reason(), Duration.ZERO);
            case Outbound.Refused(var reason) -> failed(delivery, null, "refused: " + reason, Duration.ZERO);
        }
    }

    private Duration requestedWait(@Nullable String retryAfter) {
        Duration wait = Optional.ofNullable(retryAfter)
                .flatMap(header -> RetryAfter.wait(header, clock))
                .orElse(Duration.ZERO);
        return wait.compareTo(LONGEST_REQUESTED_WAIT) < 0 ? wait : LONGEST_REQUESTED_WAIT;
    }

    private void failed(Delivery delivery, @Nullable Integer status, String error, Duration requestedWait) {
        Instant now = clock.instant();
        Ended result = delivery.attempts() >= MAX_ATTEMPTS
                ? new Ended("failed", null, status, error)
                : new Ended("pending", now.plus(wait(delivery.attempts(), requestedWait)), status, error);
        table.end(delivery, result, now);
        state.failed(delivery.webhookId(), error);
    }

    private static Duration wait(int attempts, Duration requestedWait) {
        Duration usual = WAITS.get(attempts - 1);
        return usual.compareTo(requestedWait) < 0 ? requestedWait : usual;
    }

    /** Waits for the attempts in progress. */
    @Override
    public void close() {
        Outbound.finish(executor, STOP);
    }
}
