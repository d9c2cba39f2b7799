package io.tributary.integrations.http;

import io.tributary.egress.EgressClient;
import io.tributary.egress.Tenant;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets tenants share the connections of a pool fairly, those to one host and those in all, before a request asks the
 * pool for one. So the pool has a free connection for each request that gets here, and a tenant whose servers are slow
 * waits for its own requests only.
 *
 * <p>A request that gets none in 10 seconds, or in half of its own timeout if that is shorter, is to be tried again
 * later: the task waits without a thread, and no attempt is spent. Thread safe.
 */
final class SharedConnections {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final EgressClient.Bounds bounds;
    private final ConnectionShares total;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();

    SharedConnections(EgressClient.Bounds bounds) {
        this.bounds = bounds;
        this.total = new ConnectionShares(bounds.total());
    }

    /** The connections to one host, as long as requests want one. */
    private record Host(ConnectionShares shares, int requests) {}

    /** A connection that a request may use, until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a connection.
     *
     * @throws TaskFailure.RetryLater when there is none for that tenant
     * @throws InterruptedIOException when the thread is interrupted, whose flag stays
     */
    Held take(Tenant tenant, HttpRequest request) throws TaskFailure, InterruptedIOException {
        Duration half = request.timeout().dividedBy(2);
        long deadline = System.nanoTime() + (half.compareTo(PATIENCE) < 0 ? half : PATIENCE).toNanos();
        String name = nameOf(request.uri());
        ConnectionShares host = enter(name);
        boolean ofHost = false;
        boolean held = false;
        try {
            ofHost = host.take(tenant, until(deadline));
            held = ofHost && total.take(tenant, until(deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it waited for a connection");
        } finally {
            if (!held) {
                leave(name, host, tenant, ofHost);
            }
        }
        if (!held) {
            throw new TaskFailure.RetryLater(
                    "polling.connectionsBusy",
                    "The connections of the worker that this organisation may use are busy; its servers may be slow.",
                    RETRY);
        }
        return () -> {
            total.release(tenant);
            leave(name, host, tenant, true);
        };
    }

    private ConnectionShares enter(String name) {
        return hosts.compute(
                        name,
                        (_, host) -> host == null
                                ? new Host(new ConnectionShares(bounds.perHost()), 1)
                                : new Host(host.shares(), host.requests() + 1))
                .shares();
    }

    private void leave(String name, ConnectionShares shares, Tenant tenant, boolean taken) {
        if (taken) {
            shares.release(tenant);
        }
        hosts.computeIfPresent(
                name, (_, host) -> host.requests() == 1 ? null : new Host(host.shares(), host.requests() - 1));
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static String nameOf(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
