package io.tributary.integrations.workbench.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Stands between an integration and a server that speaks anything over TCP, on a free port of the loopback address, and
 * breaks the connection at a place of the test's choice: a number of bytes after the server's next one.
 *
 * <p>Other connections, such as the data connections of FTP, do not pass through the proxy.
 * Thread safe.
 */
public final class TcpFaultProxy implements AutoCloseable {

    /** What happens to a connection. */
    public enum Fault {
        /** It ends with RST, as when a host crashes. */
        RESET,
        /** It ends in good order, although the answer is not complete. */
        TRUNCATE,
        /** Nothing comes any more, and it stays open. */
        STALL
    }

    private static final int CHUNK_BYTES = 16 * 1024;

    private final ServerSocket socket;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean refusing;
    private @Nullable Fault fault;
    private long bytesBeforeFault;

    private TcpFaultProxy(ServerSocket socket, int port) {
        this.socket = socket;
        this.port = port;
    }

    /** A proxy without faults. @param port of the server, on the loopback address */
    public static TcpFaultProxy to(int port) {
        try {
            var proxy = new TcpFaultProxy(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), port);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the integration is to connect to. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Bytes that came from the server so far, over all connections. */
    public long received() {
        return received.get();
    }

    /** How many times the integration sent something so far; with most protocols, one for each command. */
    public long sent() {
        return sent.get();
    }

    /** Breaks one connection once, after this number of further bytes from the server; 0: before the next one. */
    public synchronized void inject(Fault fault, long afterBytes) {
        this.fault = fault;
        this.bytesBeforeFault = afterBytes;
    }

    /** Whether what was injected is still to come. */
    public synchronized boolean isArmed() {
        return fault != null;
    }

    /** Ends all connections with RST, and from now on each new one as soon as it is made. */
    public void refuse() {
        refusing = true;
        dropConnections();
    }

    /** Takes back what was injected, and no longer refuses. */
    public synchronized void heal() {
        refusing = false;
        fault = null;
    }

    /** Ends all connections with RST. */
    public void dropConnections() {
        open.forEach(TcpFaultProxy::reset);
    }

    @Override
    public void close() {
        closeQuietly(socket);
        dropConnections();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                receive(socket.accept());
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void receive(Socket client) {
        open.add(client); // Before the look at refusing: who begins to refuse now ends it, or it is seen here.
        try {
            if (!refusing && !socket.isClosed()) {
                connect(client);
                return;
            }
        } catch (IOException e) {
            // The server is gone, and that is what the client is to see.
        }
        reset(client);
        open.remove(client);
    }

    private void connect(Socket client) throws IOException {
        client.setTcpNoDelay(true); // Fails where it was closed meanwhile, before there is a server to close.
        var server = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(server);
        server.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> forward(client, server));
        Thread.ofVirtual().start(() -> answer(server, client));
    }

    private void forward(Socket client, Socket server) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                acknowledge(client);
                sent.incrementAndGet();
                out.write(chunk, 0, count);
            }
        } catch (IOException e) {
            // One of the two is gone; so is the other one next.
        }
        end(client, server);
    }

    private void answer(Socket server, Socket client) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                acknowledge(server);
                received.addAndGet(count);
                Cut cut = cut(count);
                out.write(chunk, 0, cut.bytes());
                if (cut.fault() != null) {
                    carryOut(cut.fault(), client, server);
                    return;
                }
            }
        } catch (IOException e) {
            // As above.
        }
        end(client, server);
    }

    /**
     * At once: who writes in small pieces would wait 40 ms for it, where delayed acknowledgements meet Nagle's
     * algorithm.
     */
    private static void acknowledge(Socket socket) throws IOException {
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }

    private record Cut(int bytes, @Nullable Fault fault) {}

    /** How much of a chunk gets through before something happens, if it does. */
    private synchronized Cut cut(int count) {
        Fault armed = fault;
        if (armed == null || bytesBeforeFault >= count) {
            bytesBeforeFault -= count;
            return new Cut(count, null);
        }
        fault = null;
        return new Cut((int) bytesBeforeFault, armed);
    }

    private void carryOut(Fault fault, Socket client, Socket server) {
        switch (fault) {
            case RESET -> {
                reset(client);
                reset(server);
            }
            case TRUNCATE -> end(client, server);
            case STALL -> {} // Both stay open until the client gives up.
        }
    }

    private void end(Socket client, Socket server) {
        closeQuietly(client);
        closeQuietly(server);
        open.remove(client);
        open.remove(server);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
