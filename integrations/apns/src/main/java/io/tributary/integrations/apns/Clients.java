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
    private final Map<Account, Kept> clients = new LinkedHashMap<>(16, 0.75f, true);

    /** Made when it is needed first: most workers have no such account. Guarded by this. */
    private @Nullable EventLoopGroup threads;

    /** Finds the address of the service, checked. */
    interface Address {
        InetAddress find() throws TaskFailure;
    }

    /** A client with the number of messages that use it. Guarded by the clients. */
    private static final class Kept {
        private final ApnsClient client;
        private int uses;
        private boolean retired;

        Kept(ApnsClient client) {
            this.client = client;
        }
    }

    /** A client that stays open until this is closed: to close it earlier would leave its messages uncertain. */
    final class Use implements AutoCloseable {
        private final Account account;
        private final Kept kept;

        private Use(Account account, Kept kept) {
            this.account = account;
            this.kept = kept;
        }

        ApnsClient client() {
            return kept.client;
        }

        /** The connection failed: the next message begins with another client. */
        void drop() {
            synchronized (Clients.this) {
                clients.remove(account, kept);
                kept.retired = true;
            }
        }

        @Override
        public void close() {
            synchronized (Clients.this) {
                kept.uses--;
                closeUnused(kept);
            }
        }
    }

    /**
     * The client of an account.
     *
     * @param address where a new client connects; a client that is kept needs none
     */
    Use of(Account account, Address address) throws TaskFailure {
        Use kept = kept(account);
        return kept == null ? keep(account, address.find()) : kept; // Without the lock: to find it may take seconds.
    }

    private synchronized @Nullable Use kept(Account account) {
        Kept kept = clients.get(account);
        return kept == null ? null : use(account, kept);
    }

    private synchronized Use keep(Account account, InetAddress address) throws TaskFailure {
        Use kept = kept(account);
        if (kept != null) {
            return kept;
        }
        var made = new Kept(build(account, address));
        clients.put(account, made);
        Use use = use(account, made);
        if (clients.size() > MOST) {
            var eldest = clients.entrySet().iterator();
            Kept retired = eldest.next().getValue();
            eldest.remove();
            retired.retired = true;
            closeUnused(retired);
        }
        return use;
    }

    private Use use(Account account, Kept kept) {
        kept.uses++;
        return new Use(account, kept);
    }

    private static void closeUnused(Kept kept) {
        if (kept.retired && kept.uses == 0) {
            var _ = kept.client.close();
        }
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

    @Override
    public void close() {
        EventLoopGroup last;
        synchronized (this) {
            clients.values().forEach(kept -> {
                var _ = kept.client.close();
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
