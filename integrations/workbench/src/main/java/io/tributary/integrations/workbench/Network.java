package io.tributary.integrations.workbench;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import io.tributary.integrations.http.ResolveHost;
import io.tributary.integrations.http.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The hosts that an integration reaches without the engine, private and loopback ones too, since the servers of a test
 * and the hosts of an author are there. To be closed, which closes its connections.
 *
 * @param domain of the integration: the codes of its HTTP client begin with it
 * @param names addresses of names that the system's resolver is not asked for
 * @param transport the base of its HTTP client, which is the worker's
 * @param hosts finds the addresses of a host, for other protocols
 * @param closing closes the connections that are kept open
 */
public record Network(
        String domain, Map<String, InetAddress> names, Transport transport, ResolveHost hosts, Runnable closing)
        implements AutoCloseable {

    /**
     * The connections of tests: one pool for each choice of names, so that no connection to a name serves a test in
     * which the name is of another server. They live as long as the JVM, and close when they are idle.
     */
    private static final Map<Map<String, InetAddress>, HttpConnections> POOLS = new ConcurrentHashMap<>();

    /**
     * The network as it is, by connections of its own.
     *
     * @param observe puts itself before the provider, to see the exchanges
     */
    public static Network provider(String domain, UnaryOperator<Transport> observe) {
        var connections = new HttpConnections(Network::addresses);
        return new Network(
                domain, Map.of(), observe.apply(connections.transport(domain)), Network::addresses, connections::close);
    }

    /** No host; HTTP requests are answered by this. */
    public static Network only(String domain, Transport transport) {
        return new Network(domain, Map.of(), transport, Network::noHost, () -> {});
    }

    /** The network with some names of a test; closing it closes nothing. */
    static Network named(String domain, Map<String, InetAddress> names) {
        ResolveHost hosts = host -> names.containsKey(host) ? List.of(names.get(host)) : addresses(host);
        var connections = POOLS.computeIfAbsent(names, any -> new HttpConnections(hosts));
        return new Network(domain, names, connections.transport(domain), hosts, () -> {});
    }

    Network withDomain(String other) {
        return named(other, names);
    }

    Network withName(String name, InetAddress address) {
        var more = new HashMap<>(names);
        more.put(name, address);
        return named(domain, Map.copyOf(more));
    }

    private static List<InetAddress> addresses(String host) throws TaskFailure {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new TaskFailure.Transient(
                    "polling.hostUnknown", "The host " + host + " has no address: check its name.", e);
        }
    }

    private static List<InetAddress> noHost(String host) throws TaskFailure {
        throw new TaskFailure.Permanent(
                "integration.notRecorded",
                "The integration asked for the host " + host + ": only requests of its HTTP client are recorded.",
                null);
    }

    @Override
    public void close() {
        closing.run();
    }
}
