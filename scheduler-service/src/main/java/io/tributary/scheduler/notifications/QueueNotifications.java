package io.tributary.scheduler.notifications;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.actions.QueueEffects;
import io.tributary.scheduler.actions.RequestedEffect;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.notifications.DueDeliveries.Due;
import io.tributary.scheduler.notifications.DueDeliveries.Failed;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Queues what is due: the deliveries of an account together, as effects of its action {@code send}. The effects, and
 * the deliveries as queued, are written in one transaction, and the key of an effect is the delivery's id; so nothing
 * is lost and nothing queued twice, whatever crashes. Replicas skip the rows that another one has locked.
 */
@Component
public record QueueNotifications(
        DueDeliveries deliveries,
        QueueEffects queueEffects,
        TransactionOperations transaction,
        Outbox outbox,
        NotificationMeters meters,
        Clock clock) {

    /** Most deliveries that one transaction queues. */
    static final int BATCH = 500;

    private static final Logger log = LoggerFactory.getLogger(QueueNotifications.class);

    private record Batch(int size, Collection<UUID> runs) {}

    /**
     * Queues the due deliveries, on a timer's thread. A failure is logged and left to the next call.
     *
     * @return their number
     */
    public int run() {
        return Drain.run(BATCH, this::queueBatch, log, "notifications.notQueued");
    }

    private int queueBatch() {
        Batch batch = Objects.requireNonNull(transaction.execute(_ -> queueBatch(clock.instant())));
        if (!batch.runs().isEmpty()) {
            outbox.dispatchSoon(batch.runs());
        }
        return batch.size();
    }

    private Batch queueBatch(Instant now) {
        List<Due> due = deliveries.lock(now, BATCH);
        var failures = new ArrayList<Failed>();
        Map<Account, List<Due>> byAccount = new LinkedHashMap<>();
        for (Due each : due) {
            meters.late(each.domain(), each.dueAt(), now);
            Account account = each.account();
            if (account == null) {
                failures.add(new Failed(each.id(), "notifications.channelGone", "The account was deleted."));
            } else {
                byAccount.computeIfAbsent(account, _ -> new ArrayList<>()).add(each);
            }
        }
        Map<UUID, UUID> runs = new HashMap<>();
        byAccount.forEach((account, members) -> queue(account, members, now, runs, failures));
        deliveries.queued(runs, now);
        deliveries.failed(failures);
        return new Batch(due.size(), Set.copyOf(runs.values()));
    }

    private void queue(Account account, List<Due> members, Instant now, Map<UUID, UUID> runs, List<Failed> failures) {
        var byKey = new LinkedHashMap<String, UUID>();
        var effects = new ArrayList<RequestedEffect>();
        for (Due each : members) {
            var why = CheckChannel.whyUnusable(Objects.requireNonNull(each.status()));
            if (why.isPresent()) {
                failures.add(new Failed(each.id(), why.get().code(), why.get().message()));
            } else {
                String key = SettleDeliveries.KEY + each.id();
                byKey.put(key, each.id());
                effects.add(new RequestedEffect(CheckChannel.ACTION, key, SendInput.of(each)));
            }
        }
        queueEffects
                .queue(account, effects, now)
                .forEach((run, keys) -> keys.forEach(key -> runs.put(Objects.requireNonNull(byKey.get(key)), run)));
    }
}
