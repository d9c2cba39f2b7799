package io.tributary.integrations.http;

import io.tributary.egress.FairShares;
import io.tributary.egress.Tenant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A number of connections, shared fairly by tenants. A request waits for one that its tenant may have; a connection
 * that comes back goes to the tenants that wait in turn, and within a tenant to the request that waits longest. Thread
 * safe.
 */
final class ConnectionShares {

    private final FairShares shares;
    /** Requests that wait, by tenant; the tenant that is next comes first. */
    private final Map<Tenant, ArrayDeque<Waiting>> waiting = new LinkedHashMap<>();

    private static final class Waiting {
        private final CountDownLatch granted = new CountDownLatch(1);
    }

    /** @param connections number of connections, 1 and up */
    ConnectionShares(int connections) {
        this.shares = new FairShares(connections);
    }

    /**
     * Takes a connection, which {@link #release} returns.
     *
     * @param patience longest wait
     * @return false: there was none for that tenant in time
     */
    boolean take(Tenant tenant, Duration patience) throws InterruptedException {
        var request = new Waiting();
        synchronized (this) {
            if (!waiting.containsKey(tenant) && shares.tryTake(tenant)) {
                return true;
            }
            waiting.computeIfAbsent(tenant, _ -> new ArrayDeque<>()).add(request);
        }
        boolean granted;
        try {
            granted = request.granted.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            if (!leave(tenant, request)) {
                release(tenant);
            }
            throw e;
        }
        return granted || !leave(tenant, request);
    }

    /** Stops waiting; false: the request was granted a connection in the meantime. */
    private synchronized boolean leave(Tenant tenant, Waiting request) {
        ArrayDeque<Waiting> requests = waiting.get(tenant);
        boolean left = requests != null && requests.remove(request);
        if (left && requests != null && requests.isEmpty()) {
            waiting.remove(tenant);
        }
        return left;
    }

    /** Returns a connection, and grants it to a request that waits. */
    synchronized void release(Tenant tenant) {
        shares.release(tenant);
        while (grantOne()) {
            // A connection that comes back may make room for several tenants' shares.
        }
    }

    private boolean grantOne() {
        for (Iterator<Map.Entry<Tenant, ArrayDeque<Waiting>>> tenants =
                        waiting.entrySet().iterator();
                tenants.hasNext(); ) {
            var next = tenants.next();
            if (shares.tryTake(next.getKey())) {
                next.getValue().remove().granted.countDown();
                tenants.remove();
                if (!next.getValue().isEmpty()) {
                    waiting.put(next.getKey(), next.getValue()); // It is last from now on.
                }
                return true;
            }
        }
        return false;
    }
}
