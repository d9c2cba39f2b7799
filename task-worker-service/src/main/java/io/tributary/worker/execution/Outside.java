package io.tributary.worker.execution;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a worker's plugins reach of the world outside, and the HTTP connections they keep to it: one pool a worker.
 * Thread safe.
 */
public final class Outside implements AutoCloseable {

    private final AddressPolicy addresses;
    private final HttpConnections connections;

    /** @param addresses says which hosts may be connected to, by HTTP as by any other protocol */
    public Outside(AddressPolicy addresses) {
        this.addresses = addresses;
        this.connections = new HttpConnections(addresses::resolve);
    }

    Http http(String domain, Clock clock, Consumer<Quota> quota) {
        return connections.forIntegration(domain, clock, quota);
    }

    List<InetAddress> resolve(String host) throws TaskFailure {
        return addresses.resolve(host);
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        connections.close();
    }
}
