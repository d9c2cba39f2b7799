package io.tributary.integrations.http;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The connections to providers that a process keeps, and the clients that use them. A connection is kept for 30 seconds
 * without work and five minutes in all, so that a provider that moves is followed. A name is resolved when a connection
 * is made, by the given resolver, and what that returns is connected to: no other address can be reached, whatever form
 * a URL gives it.
 *
 * <p>HTTP/1.1, without cookies and without a proxy; HTTPS with the JVM's trust store. Thread safe.
 */
public final class HttpConnections implements AutoCloseable {

    /**
     * What connections may take.
     *
     * @param perHost connections to one host and port, 1 and up; default 256. Requests beyond that wait, within their
     *     own timeout
     * @param total connections in all, 1 and up; default 1,024
     * @param connect how long connecting to one address, and the TLS handshake, may take; default 10 s
     * @param silence how long the server may send nothing while it is waited for; default 30 s
     */
    record Bounds(int perHost, int total, Duration connect, Duration silence) {
        static final Bounds DEFAULT = new Bounds(256, 1024, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private static final TimeValue KEPT_IDLE = TimeValue.ofSeconds(30);
    private static final TimeValue KEPT_IN_ALL = TimeValue.ofMinutes(5);
    private static final TimeValue TRUSTED_WITHOUT_A_LOOK = TimeValue.ofMilliseconds(500);
    private static final int MOST_HEADERS = 256;
    private static final int LONGEST_HEADER = 64 * 1024;
    private static final int MOST_EMPTY_LINES = 16;

    private final CloseableHttpClient client;
    private final String userAgent = "Tributary/" + version();

    /** @param resolve says which addresses a host has, and refuses those that are not to be connected to */
    public HttpConnections(ResolveHost resolve) {
        this(resolve, trustStore(), Bounds.DEFAULT);
    }

    HttpConnections(ResolveHost resolve, SSLContext trust, Bounds bounds) {
        this.client = HttpClients.custom()
                .setConnectionManager(pool(resolve, trust, bounds))
                .setDefaultRequestConfig(RequestConfig.custom()
                        // The deadline of the whole exchange ends the wait for a connection too.
                        .setConnectionRequestTimeout(Timeout.ofMinutes(10))
                        .setResponseTimeout(Timeout.of(bounds.silence()))
                        .setConnectionKeepAlive(KEPT_IDLE)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
                .evictExpiredConnections()
                .evictIdleConnections(KEPT_IDLE)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableDefaultUserAgent()
                .build();
    }

    private static PoolingHttpClientConnectionManager pool(ResolveHost resolve, SSLContext trust, Bounds bounds) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new CheckedAddresses(resolve))
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
                .setMaxConnPerRoute(bounds.perHost())
                .setMaxConnTotal(bounds.total())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(MOST_HEADERS)
                                .setMaxLineLength(LONGEST_HEADER)
                                .setMaxEmptyLineCount(MOST_EMPTY_LINES)
                                .build())
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(Timeout.of(bounds.silence()))
                        .setTcpNoDelay(true)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(bounds.connect()))
                        .setSocketTimeout(Timeout.of(bounds.silence()))
                        .setTimeToLive(KEPT_IN_ALL)
                        .setValidateAfterInactivity(TRUSTED_WITHOUT_A_LOOK)
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(bounds.connect()))
                        .build())
                .build();
    }

    /**
     * A client for one integration; cheap to make, and of no use once these connections are closed.
     *
     * @param domain of the integration: what the codes of failures begin with
     * @param clock what times in headers are compared with
     * @param quota told what answers say is left of the quota, on the thread that sends
     */
    public Http forIntegration(String domain, Clock clock, Consumer<Quota> quota) {
        return transport(domain).http(domain, clock, quota);
    }

    /**
     * What such a client stands on, for those who want to see what it exchanges.
     *
     * @param domain of the integration: what the codes of failures begin with
     */
    public Transport transport(String domain) {
        return new Exchange(client, userAgent, domain);
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trustStore() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    private static String version() {
        try (InputStream text = Objects.requireNonNull(HttpConnections.class.getResourceAsStream("version.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the resolver of the owner into the pool, which connects to nothing else. */
    private record CheckedAddresses(ResolveHost resolve) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<InetAddress> addresses;
            try {
                addresses = resolve.resolve(host);
            } catch (TaskFailure failure) {
                throw new NotResolvedException(failure);
            }
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host); // Otherwise the pool would resolve the name itself.
            }
            return addresses.toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
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
