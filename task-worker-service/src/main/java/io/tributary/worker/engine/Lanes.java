package io.tributary.worker.engine;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a partition. Those that may have something to do stand in a ring and are served one task at a time, so
 * that each gets its turn; those that wait for time stand in a queue of wake-up calls, and those that wait for a pace
 * they share in a queue for each. A lane that waits for a slot, a task or a command stands in none: whatever gives it
 * one calls {@link #attend}. Stream thread only.
 */
final class Lanes {

    private final Map<UUID, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ring = new ArrayDeque<>();
    private final Set<UUID> inRing = new HashSet<>();
    private final PriorityQueue<WakeUp> wakeUps = new PriorityQueue<>(Comparator.comparingLong(WakeUp::atMillis));
    private final Map<UUID, Long> wakesAt = new HashMap<>();
    private final Map<Pace, ArrayDeque<Lane>> held = new HashMap<>();
    private final Set<UUID> isHeld = new HashSet<>();

    private record WakeUp(long atMillis, UUID lane) {}

    Lane getOrAdd(UUID userIntegrationId, Function<UUID, Lane> create) {
        return lanes.computeIfAbsent(userIntegrationId, create);
    }

    @Nullable
    Lane find(UUID userIntegrationId) {
        return lanes.get(userIntegrationId);
    }

    List<Lane> snapshot() {
        return List.copyOf(lanes.values());
    }

    /** The lane may have something to do: it gets its turn. */
    void attend(Lane lane) {
        if (inRing.add(lane.userIntegrationId())) {
            ring.add(lane);
        }
    }

    /** The lane whose turn it is; it leaves the ring. Null: none has anything to do. */
    @Nullable
    Lane next() {
        Lane lane = ring.poll();
        if (lane != null) {
            inRing.remove(lane.userIntegrationId());
        }
        return lane;
    }

    boolean hasNext() {
        return !ring.isEmpty();
    }

    /** The lane has something to do at that time. A call for an earlier time stands. */
    void wakeAt(long atMillis, Lane lane) {
        Long known = wakesAt.get(lane.userIntegrationId());
        if (known == null || atMillis < known) {
            wakesAt.put(lane.userIntegrationId(), atMillis);
            wakeUps.add(new WakeUp(atMillis, lane.userIntegrationId()));
        }
    }

    /** Puts the lanes whose time has come into the ring. */
    void wake(long nowMillis) {
        for (WakeUp due = wakeUps.peek(); due != null && due.atMillis() <= nowMillis; due = wakeUps.peek()) {
            wakeUps.poll();
            wakesAt.remove(due.lane(), due.atMillis());
            Lane lane = lanes.get(due.lane());
            if (lane != null) {
                attend(lane);
            }
        }
    }

    /** The lane has something to do as soon as the pace it shares allows. */
    void hold(Lane lane) {
        if (isHeld.add(lane.userIntegrationId())) {
            held.computeIfAbsent(lane.pace(), unused -> new ArrayDeque<>()).add(lane);
        }
    }

    /** Puts as many of the held lanes into the ring as their paces allow, those that wait longest first. */
    void admit(long nowMillis) {
        held.forEach((pace, waiting) -> {
            boolean rests = pace.rest(nowMillis) != null;
            // When the pace rests, each is told so, by being served in vain.
            long openings = rests ? waiting.size() : Math.min(waiting.size(), pace.openings(nowMillis));
            for (long i = 0; i < openings; i++) {
                Lane lane = waiting.remove();
                isHeld.remove(lane.userIntegrationId());
                attend(lane);
            }
        });
        held.values().removeIf(ArrayDeque::isEmpty);
    }

    /** Forgets a lane, unless it waits for its turn. */
    void forget(Lane lane) {
        if (!inRing.contains(lane.userIntegrationId()) && !isHeld.contains(lane.userIntegrationId())) {
            lanes.remove(lane.userIntegrationId());
            wakesAt.remove(lane.userIntegrationId());
        }
    }
}
