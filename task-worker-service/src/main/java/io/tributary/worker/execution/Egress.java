package io.tributary.worker.execution;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.egress.Hosts;
import io.tributary.egress.Tenant;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import io.tributary.integrations.http.ResolveHost;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * The outside hosts that plugins may reach, and their HTTP connections: one pool for each worker. Thread safe.
 */
public final class Egress implements AutoCloseable {

    private final ResolveHost addresses;
    private final HttpConnections connections;
    private final MeasureExchanges measureExchanges;

    /** @param hosts hosts that plugins may connect to, by HTTP or any other protocol */
    public Egress(Hosts hosts, MeterRegistry meters) {
        this.measureExchanges = new MeasureExchanges(meters);
        this.addresses = ResolveHost.of(hosts);
        this.connections = new HttpConnections(addresses);
    }

    Http http(String domain, Tenant tenant, Clock clock, Consumer<Quota> quota) {
        return measureExchanges
                .of(domain, connections.transport(domain, tenant))
                .http(domain, clock, quota);
    }

    List<InetAddress> resolve(String host) throws TaskFailure {
        return addresses.resolve(host);
    }

    /** Closes all connections; exchanges in flight fail. */
    @Override
    public void close() {
        connections.close();
    }
}
