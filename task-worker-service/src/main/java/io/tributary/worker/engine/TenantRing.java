package io.tributary.worker.engine;

import io.tributary.egress.Tenant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that wait for their turn: tenants take turns, and so do the lanes of a tenant. So a lane waits for as many
 * others as there are tenants, however many lanes another tenant has. A lane is in it once, which its user sees to.
 * Stream thread only.
 */
final class TenantRing {

    private final ArrayDeque<Waiting> ring = new ArrayDeque<>();
    private final Map<Tenant, Waiting> tenants = new HashMap<>();
    private int lanes;

    private record Waiting(Tenant tenant, ArrayDeque<Lane> lanes) {}

    void add(Lane lane) {
        tenants.computeIfAbsent(lane.share().tenant(), this::join).lanes().add(lane);
        lanes++;
    }

    private Waiting join(Tenant tenant) {
        var joined = new Waiting(tenant, new ArrayDeque<>());
        ring.add(joined);
        return joined;
    }

    /**
     * Takes the next lane. Null: there is none of a tenant that may go on.
     *
     * @param mayGoOn whether a lane of a tenant may be taken; other tenants keep their lanes
     */
    @Nullable
    Lane next(Predicate<Tenant> mayGoOn) {
        for (int left = ring.size(); left > 0; left--) {
            Waiting first = ring.remove();
            if (!mayGoOn.test(first.tenant())) {
                ring.add(first);
                continue;
            }
            Lane lane = first.lanes().remove();
            lanes--;
            if (first.lanes().isEmpty()) {
                tenants.remove(first.tenant());
            } else {
                ring.add(first);
            }
            if (lane.share().tenant().equals(first.tenant())) {
                return lane;
            }
            add(lane); // It has become known in the meantime whose it is.
            left = ring.size() + 1;
        }
        return null;
    }

    /** Number of lanes. */
    int size() {
        return lanes;
    }
}
