package io.tributary.standalone.integration;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import io.tributary.integrations.http.ResolveHost;
import io.tributary.integrations.http.Transport;
import io.tributary.worker.execution.AddressPolicy;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What an integration reaches of the world outside. To be closed, which closes its connections.
 *
 * @param domain of the integration
 * @param transport what its HTTP client stands on
 * @param hosts which addresses hosts have, for other protocols
 * @param closing closes the connections that are kept open
 */
public record Outside(String domain, Transport transport, ResolveHost hosts, Runnable closing)
        implements AutoCloseable {

    /**
     * The provider, by the worker's own HTTP client. Hosts of one's own network are let through, as in the embedded default.
     *
     * @param observe puts itself before the provider, to see what is exchanged
     */
    public static Outside provider(String domain, UnaryOperator<Transport> observe) {
        ResolveHost all = new AddressPolicy(true)::resolve;
        var connections = new HttpConnections(all);
        return new Outside(domain, observe.apply(connections.transport(domain)), all, connections::close);
    }

    /** Nobody but what answers HTTP requests. */
    public static Outside only(String domain, Transport transport) {
        return new Outside(domain, transport, Outside::nobody, () -> {});
    }

    private static List<InetAddress> nobody(String host) throws TaskFailure {
        throw new TaskFailure.Permanent(
                "integration.notRecorded",
                "The integration asked for the host " + host + ": only what goes through its HTTP client is recorded.",
                null);
    }

    Http http(Clock clock, Consumer<Quota> quota) {
        return transport.http(domain, clock, quota);
    }

    List<InetAddress> resolve(String host) throws TaskFailure {
        return hosts.resolve(host);
    }

    @Override
    public void close() {
        closing.run();
    }
}
