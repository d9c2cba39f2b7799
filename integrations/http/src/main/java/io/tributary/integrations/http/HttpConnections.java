package io.tributary.integrations.http;

import io.tributary.egress.EgressClient;
import io.tributary.egress.EgressClient.Bounds;
import io.tributary.egress.Hosts;
import io.tributary.egress.Tenant;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * The connections to providers that a process keeps, and the clients that use them: at most 1,024, 256 to one host and
 * port, as {@link EgressClient} makes them. Connecting may take 10 s, a server that is waited for may be silent for 30
 * s. Tenants share the connections fairly, see {@link io.tributary.egress.FairShares}. A name is resolved when a
 * connection is made, by the given resolver, and no other address can be reached. Thread safe.
 */
public final class HttpConnections implements AutoCloseable {

    static final Bounds DEFAULT = new Bounds(256, 1024, Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** The tenant where there is only one, as in tests of an integration. */
    private static final Tenant ALONE = new Tenant("", "");

    private final CloseableHttpClient client;
    private final SharedConnections connections;
    private final String userAgent = "Tributary/" + version();

    /** @param resolve returns the addresses of a host, and rejects hosts that are not allowed */
    public HttpConnections(ResolveHost resolve) {
        this.client = EgressClient.of(hosts(resolve), DEFAULT);
        this.connections = new SharedConnections(DEFAULT);
    }

    HttpConnections(ResolveHost resolve, SSLContext trust, Bounds bounds) {
        this.client = EgressClient.of(hosts(resolve), trust, bounds);
        this.connections = new SharedConnections(bounds);
    }

    private static Hosts hosts(ResolveHost resolve) {
        return host -> {
            try {
                return resolve.resolve(host);
            } catch (TaskFailure failure) {
                throw new NotResolvedException(failure);
            }
        };
    }

    /**
     * A client for one integration; cheap to create, and useless once these connections are closed.
     *
     * @param domain of the integration: what the codes of failures begin with
     * @param clock what times in headers are compared with
     * @param quota receives the remaining quota of responses, on the thread that sends
     */
    public Http forIntegration(String domain, Clock clock, Consumer<Quota> quota) {
        return transport(domain).http(domain, clock, quota);
    }

    /**
     * The same for the accounts of one tenant.
     *
     * @param tenant of the account that the requests are made for
     */
    public Http forIntegration(String domain, Tenant tenant, Clock clock, Consumer<Quota> quota) {
        return transport(domain, tenant).http(domain, clock, quota);
    }

    /**
     * The transport of such a client, for observers of its exchanges.
     *
     * @param domain of the integration: what the codes of failures begin with
     */
    public Transport transport(String domain) {
        return transport(domain, ALONE);
    }

    /**
     * The same for the accounts of one tenant.
     *
     * @param tenant of the account that the requests are made for
     */
    public Transport transport(String domain, Tenant tenant) {
        return new Exchange(client, connections, tenant, userAgent, domain);
    }

    /** Closes all connections; exchanges in flight fail. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        try (InputStream text = Objects.requireNonNull(HttpConnections.class.getResourceAsStream("version.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Carries the resolver's failure through the client. */
    static final class NotResolvedException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // An exception, which is serializable.
        private final TaskFailure failure;

        private NotResolvedException(TaskFailure failure) {
            super(failure.code());
            this.failure = failure;
        }

        TaskFailure failure() {
            return failure;
        }
    }
}
