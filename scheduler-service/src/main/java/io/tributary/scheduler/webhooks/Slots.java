package io.tributary.scheduler.webhooks;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;

/**
 * The slots of attempts under way. Users take turns, and so do the webhooks of a user: a user with slow receivers
 * leaves slots to all others. Thread safe.
 */
final class Slots {

    /**
     * A webhook with due deliveries.
     *
     * @param failing whether it failed several times in a row: then it gets one slot
     */
    record Receiver(UUID webhookId, String userId, String host, boolean failing) {}

    private final WebhookProperties bounds;
    private final Map<UUID, Integer> ofWebhook = new HashMap<>();
    private final Map<String, Integer> ofUser = new HashMap<>();
    private final Map<String, Integer> ofHost = new HashMap<>();
    private int taken;

    Slots(WebhookProperties bounds) {
        this.bounds = bounds;
    }

    /** Takes slots for receivers, one a turn, until none is free; returns the number of each receiver. */
    synchronized Map<Receiver, Integer> take(Collection<Receiver> receivers) {
        Map<String, Queue<Receiver>> byUser = new LinkedHashMap<>();
        receivers.forEach(receiver -> byUser.computeIfAbsent(receiver.userId(), _ -> new ArrayDeque<>())
                .add(receiver));
        Map<Receiver, Integer> slots = new LinkedHashMap<>();
        while (!byUser.isEmpty()) {
            byUser.values().removeIf(waiting -> !takeOne(waiting, slots));
        }
        return slots;
    }

    /** One turn of a user; false: none of the user's receivers can get a slot. */
    private boolean takeOne(Queue<Receiver> waiting, Map<Receiver, Integer> slots) {
        for (Receiver next = waiting.poll(); next != null; next = waiting.poll()) {
            if (isFree(next)) {
                add(next, 1);
                slots.merge(next, 1, Integer::sum);
                waiting.add(next);
                return true;
            }
        }
        return false;
    }

    private boolean isFree(Receiver receiver) {
        return taken < bounds.attempts()
                && ofUser.getOrDefault(receiver.userId(), 0) < bounds.attemptsPerUser()
                && ofHost.getOrDefault(receiver.host(), 0) < bounds.attemptsPerHost()
                && ofWebhook.getOrDefault(receiver.webhookId(), 0)
                        < (receiver.failing() ? 1 : bounds.attemptsPerWebhook());
    }

    /** Returns slots. */
    synchronized void release(Receiver receiver, int slots) {
        add(receiver, -slots);
    }

    private void add(Receiver receiver, int slots) {
        taken += slots;
        add(ofUser, receiver.userId(), slots);
        add(ofHost, receiver.host(), slots);
        add(ofWebhook, receiver.webhookId(), slots);
    }

    private static <K> void add(Map<K, Integer> counts, K key, int slots) {
        counts.merge(key, slots, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** Number of free slots, whoever they are for. */
    synchronized int free() {
        return bounds.attempts() - taken;
    }
}
