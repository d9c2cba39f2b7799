package io.tributary.worker.engine;

import io.tributary.egress.Tenant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which lane is next. Lanes with possible work are in a {@link TenantRing} and are served one task at a time,
 * so that each gets its turn. Lanes that wait for a time are in a queue of wake-up calls, and lanes that wait for a
 * shared rate limiter are in a ring for each limiter. A lane that waits for a slot, a task or a command is in none of
 * them: the event that ends its wait calls {@link #attend}. Stream thread only.
 */
final class LaneQueue {

    private final TenantRing ring = new TenantRing();
    private final Set<UUID> inRing = new HashSet<>();
    private final PriorityQueue<WakeUp> wakeUps = new PriorityQueue<>(Comparator.comparingLong(WakeUp::atMillis));
    private final Map<UUID, Long> wakesAt = new HashMap<>();
    private final Map<RateLimiter, TenantRing> held = new HashMap<>();
    private final Set<UUID> isHeld = new HashSet<>();

    private record WakeUp(long atMillis, UUID lane) {}

    /** The lane may have work: it gets its turn. */
    void attend(Lane lane) {
        if (inRing.add(lane.userIntegrationId())) {
            ring.add(lane);
        }
    }

    /**
     * The next lane, which leaves the ring. Null: no lane has work that may start.
     *
     * @param hasRoom whether a task of a tenant may start; the lanes of others keep their turn
     */
    @Nullable
    Lane next(Predicate<Tenant> hasRoom) {
        Lane lane = ring.next(hasRoom);
        if (lane != null) {
            inRing.remove(lane.userIntegrationId());
        }
        return lane;
    }

    boolean hasNext() {
        return ring.size() > 0;
    }

    /** When a lane has its next turn; 0: one waits for it already; {@code Long.MAX_VALUE}: none has work. */
    long nextMillis() {
        if (hasNext() || !held.isEmpty()) {
            return 0;
        }
        WakeUp first = wakeUps.peek();
        return first == null ? Long.MAX_VALUE : first.atMillis();
    }

    /** The lane has work at that time. An earlier wake-up call stays. */
    void wakeAt(long atMillis, Lane lane) {
        Long known = wakesAt.get(lane.userIntegrationId());
        if (known == null || atMillis < known) {
            wakesAt.put(lane.userIntegrationId(), atMillis);
            wakeUps.add(new WakeUp(atMillis, lane.userIntegrationId()));
        }
    }

    /** Puts the lanes whose time has come into the ring. */
    void wake(long nowMillis, Function<UUID, @Nullable Lane> lanes) {
        for (WakeUp due = wakeUps.peek(); due != null && due.atMillis() <= nowMillis; due = wakeUps.peek()) {
            wakeUps.poll();
            wakesAt.remove(due.lane(), due.atMillis());
            Lane lane = lanes.apply(due.lane());
            if (lane != null) {
                attend(lane);
            }
        }
    }

    /** The lane has work as soon as its shared rate limiter allows it. */
    void hold(Lane lane) {
        if (isHeld.add(lane.userIntegrationId())) {
            held.computeIfAbsent(lane.limiter(), unused -> new TenantRing()).add(lane);
        }
    }

    /** Puts as many of the held lanes into the ring as their limiters allow, those of each tenant in turn. */
    void admit(long nowMillis) {
        held.forEach((limiter, waiting) -> {
            boolean throttled = limiter.throttle(nowMillis) != null;
            // Serves each lane, so that it learns that its limiter is throttled.
            long openings = throttled ? waiting.size() : Math.min(waiting.size(), limiter.openings(nowMillis));
            for (long i = 0; i < openings; i++) {
                Lane lane = Objects.requireNonNull(waiting.next(unused -> true));
                isHeld.remove(lane.userIntegrationId());
                attend(lane);
            }
        });
        held.values().removeIf(waiting -> waiting.size() == 0);
    }

    /** Forgets a lane, unless it waits for its turn: true when it is forgotten. */
    boolean forget(Lane lane) {
        UUID id = lane.userIntegrationId();
        boolean waits = inRing.contains(id) || isHeld.contains(id);
        if (!waits) {
            wakesAt.remove(id);
        }
        return !waits;
    }
}
