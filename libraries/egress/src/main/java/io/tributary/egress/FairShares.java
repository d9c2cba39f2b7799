package io.tributary.egress;

import java.util.HashMap;
import java.util.Map;

/**
 * Divides a number of slots among organisations, and the slots of an organisation among its users.
 *
 * <p>An organisation may take another slot while it has fewer than {@value #WEIGHT} times the free ones. So one alone
 * gets three quarters of all, two get three sevenths each, and there is always a free slot for one that has none:
 * nobody has to know how many there are, and nothing is taken from whoever came first. Users divide what is left to
 * their organisation in the same way. Thread safe.
 */
public final class FairShares {

    private static final int WEIGHT = 3;

    private final int slots;
    private final Map<String, Integer> ofOrgs = new HashMap<>();
    private final Map<Tenant, Integer> ofUsers = new HashMap<>();
    private int used;

    /** @param slots number of slots, 1 and up */
    public FairShares(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 and up: " + slots);
        }
        this.slots = slots;
    }

    /** Whether a slot is free for that tenant. */
    public synchronized boolean hasRoom(Tenant tenant) {
        long free = slots - used;
        if (free <= 0) {
            return false;
        }
        long leftToOrg = WEIGHT * free - ofOrgs.getOrDefault(tenant.org(), 0);
        return leftToOrg > 0 && (tenant.isAlone() || ofUsers.getOrDefault(tenant, 0) < WEIGHT * leftToOrg);
    }

    /** Takes a slot, which {@link #release} returns; false: none is free for that tenant. */
    public synchronized boolean tryTake(Tenant tenant) {
        if (!hasRoom(tenant)) {
            return false;
        }
        used++;
        ofOrgs.merge(tenant.org(), 1, Integer::sum);
        ofUsers.merge(tenant, 1, Integer::sum);
        return true;
    }

    /** Returns a slot. */
    public synchronized void release(Tenant tenant) {
        if (ofUsers.getOrDefault(tenant, 0) == 0) {
            throw new IllegalStateException("a slot was returned that nobody had taken");
        }
        used--;
        ofOrgs.compute(tenant.org(), (org, slotsOfOrg) -> less(slotsOfOrg));
        ofUsers.compute(tenant, (user, slotsOfUser) -> less(slotsOfUser));
    }

    /** Number of slots that are taken. */
    public synchronized int used() {
        return used;
    }

    @SuppressWarnings("NullAway") // a null value removes the entry
    private static Integer less(Integer slots) {
        return slots == 1 ? null : slots - 1;
    }
}
