package io.tributary.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
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
 * Creates the HTTP client for all hosts that users name. It connects only to the addresses that its {@link Hosts}
 * return, whatever their form in a URL. It never repeats a request and follows no redirect: a request may change
 * something, and a redirect may lead to another host. HTTP/1.1, without cookies, proxy and compression; HTTPS with the
 * JVM's trust store. An idle connection is kept for 30 seconds, and any connection for five minutes in all, so that the
 * client notices a new address of a host.
 */
public final class EgressClient {

    private static final TimeValue KEPT_IDLE = TimeValue.ofSeconds(30);
    private static final TimeValue KEPT_IN_ALL = TimeValue.ofMinutes(5);
    private static final TimeValue TRUSTED_WITHOUT_A_LOOK = TimeValue.ofMilliseconds(500);
    private static final int MOST_HEADERS = 256;
    private static final int LONGEST_HEADER = 64 * 1024;
    private static final int MOST_EMPTY_LINES = 16;

    /** The deadline of the whole exchange, which its caller sets, ends the wait for a free connection earlier. */
    private static final Timeout FREE_CONNECTION = Timeout.ofMinutes(10);

    private EgressClient() {}

    /**
     * Limits of connections.
     *
     * @param perHost connections to one host and port, 1 and up. Further requests wait
     * @param total connections in all, 1 and up
     * @param connect longest time of connecting to one address, and of the TLS handshake
     * @param silence longest wait for data of the server
     */
    public record Bounds(int perHost, int total, Duration connect, Duration silence) {}

    public static CloseableHttpClient of(Hosts hosts, Bounds bounds) {
        return of(hosts, trustStore(), bounds);
    }

    /** @param trust trusted certificates */
    public static CloseableHttpClient of(Hosts hosts, SSLContext trust, Bounds bounds) {
        return HttpClients.custom()
                .setConnectionManager(pool(hosts, trust, bounds))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(FREE_CONNECTION)
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

    private static PoolingHttpClientConnectionManager pool(Hosts hosts, SSLContext trust, Bounds bounds) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new CheckedResolver(hosts))
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

    private static SSLContext trustStore() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    private record CheckedResolver(Hosts hosts) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<InetAddress> addresses = hosts.resolve(host);
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
}
