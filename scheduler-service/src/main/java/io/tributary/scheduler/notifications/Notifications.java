package io.tributary.scheduler.notifications;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.notifications.Notification.Accepted;
import io.tributary.scheduler.quotas.NotificationQuota;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Accepts, shows and cancels notifications. */
@Component
record Notifications(
        NotificationTable table,
        CheckNotification check,
        SettleDeliveries settle,
        NotificationQuota quota,
        TransactionOperations transaction,
        Clock clock) {

    /** Priority of a single notification that names none, which is likely to answer what its recipient just did. */
    static final int TRANSACTIONAL = 0;

    /** Priority of those of a bulk request. */
    static final int BULK = 9;

    /** A redriven dead letter can send what had failed. */
    private static final Set<String> UNSETTLED = Set.of("queued", "failed", "uncertain");

    /**
     * Stores a notification, which is due at its time.
     *
     * @param key of the request; null: none. A second one with the same key changes nothing
     * @throws ApiException when it is invalid, a channel cannot send it, the quota is used up, or the key was used for
     *     a different request
     */
    Accepted create(NewNotification request, @Nullable String key, Caller caller) {
        return create(List.of(request), "", TRANSACTIONAL, key, caller).getFirst();
    }

    /** Stores all notifications of a request, or none: as {@link #create}. */
    List<Accepted> createAll(NewNotification.Bulk request, @Nullable String key, Caller caller) {
        return create(check.items(request), "/items", BULK, key, caller);
    }

    private List<Accepted> create(
            List<NewNotification> requests, String path, int priority, @Nullable String key, Caller caller) {
        var now = clock.instant();
        var drafts = check.all(requests, path, priority, key, caller);
        var inserted = insert(drafts, caller, now);
        return drafts.stream()
                .map(draft -> new Accepted(
                        draft.id(),
                        inserted.contains(draft.id())
                                ? "scheduled"
                                : get(draft.id(), caller).status()))
                .toList();
    }

    /** Inserts those that are new, and returns their ids. Those that are not take nothing of the quota. */
    private Set<UUID> insert(List<Draft> drafts, Caller caller, Instant now) {
        var owner = new Owner(caller.userId(), caller.orgId());
        quota.take(owner, drafts.size());
        int stored = 0;
        try {
            Set<UUID> inserted = Objects.requireNonNull(transaction.execute(_ -> {
                var ids = Set.copyOf(table.insert(drafts, caller, now));
                requireSameRequests(drafts, ids);
                return ids;
            }));
            stored = inserted.size();
            return inserted;
        } finally {
            quota.giveBack(owner, drafts.size() - stored);
        }
    }

    private void requireSameRequests(List<Draft> drafts, Set<UUID> inserted) {
        var known =
                drafts.stream().filter(draft -> !inserted.contains(draft.id())).toList();
        if (!known.isEmpty() && table.hasOtherRequest(known)) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "notifications.keyReused",
                    "A different request with this Idempotency-Key created a notification. Use a new key."));
        }
    }

    /**
     * A notification with what is known now: the step that settles deliveries may not have looked yet.
     *
     * @throws ApiException when there is no such notification
     */
    Notification get(UUID id, Caller caller) {
        Notification found = table.find(id, caller).orElseThrow(ApiException::notFound);
        if (!UNSETTLED.contains(found.status()) || settle.of(id) == 0) {
            return found;
        }
        return table.find(id, caller).orElseThrow(ApiException::notFound);
    }

    /**
     * Newest first.
     *
     * @param status only those of it; null: all
     */
    Page<Notification> list(@Nullable String status, PageRequest page, Caller caller) {
        page.check();
        var found = table.list(status, page.afterItem(Cursor.NOTIFICATIONS), page.rows(), caller);
        return page.of(found, Cursor.NOTIFICATIONS, Notification::id);
    }

    /**
     * Cancels what is not queued of a notification. Cancelling a cancelled one changes nothing.
     *
     * @throws ApiException when there is no such notification, or all of it is queued or has ended
     */
    Notification cancel(UUID id, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            if (!table.lock(id, caller)) {
                throw ApiException.notFound();
            }
            int cancelled = table.cancel(id);
            Notification after = get(id, caller);
            if (cancelled == 0 && !after.status().equals("cancelled")) {
                throw new ApiException(Problem.of(
                        HttpStatus.CONFLICT,
                        "notifications.tooLate",
                        "The notification is " + after.status() + ", so it can no longer be cancelled."));
            }
            return after;
        }));
    }
}
