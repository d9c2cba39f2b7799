package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import java.util.HashMap;
import java.util.Map;

/**
 * The paces that the user integrations of a provider app share on this worker. A worker is entitled to the part of the
 * limits that its partitions are of all: the workers together keep to the whole without talking to each other. Thread
 * safe.
 */
public final class SharedPaces {

    private final int partitions;
    private final Map<String, Pace> paces = new HashMap<>();
    private int owned;

    /** @param partitions of the tasks topic, 1 and up */
    public SharedPaces(int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + "; it must be 1 and up");
        }
        this.partitions = partitions;
    }

    synchronized Pace of(String domain, Limits limits, long nowMillis) {
        return paces.computeIfAbsent(domain, unused -> Pace.ofProviderApp(limits, share(), nowMillis));
    }

    /** This worker got a partition. */
    synchronized void gained(long nowMillis) {
        owned++;
        paces.values().forEach(pace -> pace.share(share(), nowMillis));
    }

    /** This worker lost a partition. */
    synchronized void lost(long nowMillis) {
        owned--;
        paces.values().forEach(pace -> pace.share(share(), nowMillis));
    }

    private double share() {
        return Math.min(1, (double) owned / partitions);
    }
}
