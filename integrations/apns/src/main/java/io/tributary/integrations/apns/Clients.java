package io.tributary.integrations.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.tributary.integrations.api.TaskFailure;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the accounts, one each, so that the service sees one connection with one token of an account; at most
 * {@value #MOST}, those that were used last. One thread of Netty serves all. Thread safe.
 */
final class Clients implements AutoCloseable {

    private static final int MOST = 128;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long SHUTDOWN_SECONDS = 5;

    /** By use, the least recent first. Guarded by this. */
    private final Map<Account, ApnsClient> clients = new LinkedHashMap<>(16, 0.75f, true);

    /** Made when it is needed first: most workers have no such account. Guarded by this. */
    private @Nullable EventLoopGroup threads;

    /** Finds the address of the service, checked. */
    interface Address {
        InetAddress find() throws TaskFailure;
    }

    /**
     * The client of an account.
     *
     * @param address where a new client connects; a client that is kept needs none
     */
    ApnsClient of(Account account, Address address) throws TaskFailure {
        ApnsClient kept = kept(account);
        return kept == null ? keep(account, address.find()) : kept; // Without the lock: to find it may take seconds.
    }

    private synchronized @Nullable ApnsClient kept(Account account) {
        return clients.get(account);
    }

    private synchronized ApnsClient keep(Account account, InetAddress address) throws TaskFailure {
        ApnsClient kept = clients.get(account);
        if (kept != null) {
            return kept;
        }
        ApnsClient client = build(account, address);
        clients.put(account, client);
        if (clients.size() > MOST) {
            var eldest = clients.entrySet().iterator();
            var _ = eldest.next().getValue().close();
            eldest.remove();
        }
        return client;
    }

    private ApnsClient build(Account account, InetAddress address) throws TaskFailure {
        var builder = new ApnsClientBuilder()
                .setApnsServer(account.host(), account.port())
                .setSigningKey(account.signingKey())
                .setConnectionTimeout(CONNECT_TIMEOUT)
                .setProxyHandlerFactory(() -> new ConnectToAddress(new InetSocketAddress(address, account.port())))
                .setEventLoopGroup(threads());
        if (account.trustedCertificate() != null) {
            builder.setTrustedServerCertificateChain(
                    new ByteArrayInputStream(account.trustedCertificate().getBytes(StandardCharsets.US_ASCII)));
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TaskFailure.Misconfigured(
                    "apns.certificateInvalid",
                    "trustedCertificate holds no certificate that can be read: it must be PEM.",
                    e);
        }
    }

    private EventLoopGroup threads() {
        if (threads == null) {
            threads = new NioEventLoopGroup(
                    1, Thread.ofPlatform().daemon().name("apns-", 0).factory());
        }
        return threads;
    }

    /** Closes a client whose connection failed, so that the next task begins with another. */
    void drop(Account account, ApnsClient client) {
        synchronized (this) {
            clients.remove(account, client);
        }
        var _ = client.close();
    }

    @Override
    public void close() {
        EventLoopGroup last;
        synchronized (this) {
            clients.values().forEach(client -> {
                var _ = client.close();
            });
            clients.clear();
            last = threads;
            threads = null;
        }
        if (last != null) {
            var _ = last.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        }
    }
}
