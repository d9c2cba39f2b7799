package io.tributary.scheduler.notifications;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.actions.QueueEffects;
import io.tributary.scheduler.actions.RequestedEffect;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.inbox.InboxTable;
import io.tributary.scheduler.notifications.DecideDeliveries.Decision;
import io.tributary.scheduler.notifications.DecideDeliveries.Decision.Fail;
import io.tributary.scheduler.notifications.DecideDeliveries.Decision.Send;
import io.tributary.scheduler.notifications.DecideDeliveries.Decision.Show;
import io.tributary.scheduler.notifications.DecideDeliveries.Decision.Wait;
import io.tributary.scheduler.notifications.DueDeliveries.Due;
import io.tributary.scheduler.notifications.DueDeliveries.Failed;
import io.tributary.scheduler.notifications.DueDeliveries.Postponed;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Steps steps, TransactionOperations transaction, Outbox outbox, NotificationMeters meters, Clock clock) {

    /** Most deliveries that one transaction queues. */
    static final int BATCH = 500;

    /** Contents that one transaction reads, bytes; it holds a few copies of them. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(QueueNotifications.class);

    /** What a batch goes through, within its transaction. */
    @Component
    record Steps(DueDeliveries deliveries, DecideDeliveries decide, QueueEffects queueEffects, InboxTable inbox) {}

    /** @param locked deliveries; those whose contents did not fit are due in the next batch */
    private record Batch(int locked, Collection<UUID> runs) {}

    /**
     * Queues the due deliveries, on a timer's thread. A failure is logged and left to the next call.
     *
     * @return the number that it has looked at
     */
    public int run() {
        return Drain.run(BATCH, this::queueBatch, log, "notifications.notQueued");
    }

    private int queueBatch() {
        Batch batch = requireNonNull(transaction.execute(_ -> queueBatch(clock.instant())));
        if (!batch.runs().isEmpty()) {
            outbox.dispatchSoon(batch.runs());
        }
        return batch.locked();
    }

    private Batch queueBatch(Instant now) {
        List<Due> due = steps.deliveries().lock(now, BATCH, MAX_BYTES);
        Map<UUID, Decision> decisions = steps.decide().decide(due, now);
        var shown = new ArrayList<Due>();
        var failures = new ArrayList<Failed>();
        var postponed = new ArrayList<Postponed>();
        Map<Account, Map<Due, Send>> byAccount = new LinkedHashMap<>();
        for (Due each : due) {
            switch (requireNonNull(decisions.get(each.id()))) {
                case Send send ->
                    byAccount
                            .computeIfAbsent(requireNonNull(each.account()), _ -> new LinkedHashMap<>())
                            .put(each, send);
                case Show() -> shown.add(each);
                case Fail(String code, String message) ->
                    failures.add(new Failed(each.id(), each.domain(), code, message));
                case Wait(Instant until) -> postponed.add(new Postponed(each.id(), until));
            }
        }
        Map<UUID, UUID> runs = new HashMap<>();
        byAccount.forEach((account, members) -> queue(account, members, now, runs));
        show(shown, now);
        steps.deliveries().queued(runs, now);
        steps.deliveries().failed(failures);
        steps.deliveries().postponed(postponed);
        shown.forEach(each -> meters.ended(each.domain(), "delivered"));
        failures.forEach(each -> meters.ended(each.domain(), "failed"));
        due.stream()
                .filter(each -> !(decisions.get(each.id()) instanceof Wait))
                .forEach(each -> meters.late(each.domain(), each.dueAt(), now));
        return new Batch(due.isEmpty() ? 0 : due.getFirst().locked(), Set.copyOf(runs.values()));
    }

    private void queue(Account account, Map<Due, Send> members, Instant now, Map<UUID, UUID> runs) {
        var byKey = new HashMap<String, UUID>();
        var effects = new ArrayList<RequestedEffect>();
        members.forEach((each, send) -> {
            String key = SettleDeliveries.KEY + each.id();
            byKey.put(key, each.id());
            effects.add(new RequestedEffect(CheckChannel.ACTION, key, send.input()));
        });
        steps.queueEffects()
                .queue(account, effects, now)
                .forEach((run, keys) -> keys.forEach(key -> runs.put(requireNonNull(byKey.get(key)), run)));
    }

    private void show(List<Due> shown, Instant now) {
        steps.inbox().add(shown.stream().map(Due::notificationId).toList(), now);
        steps.deliveries().delivered(shown.stream().map(Due::id).toList());
    }
}
