package io.tributary.integrations.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that sends exactly the bytes it is told to: what is wrong with an answer is wrong on purpose. */
final class RawServer implements AutoCloseable {

    private final ServerSocket socket;
    private final Script script;
    private final String scheme;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Heads of the requests, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final AtomicInteger connections = new AtomicInteger();
    /** Down when the client has closed a connection. */
    final CountDownLatch clientClosed = new CountDownLatch(1);

    /** Answers a request. */
    interface Script {
        /** Returns whether the connection goes on. */
        boolean answer(String request, Connection connection) throws IOException;
    }

    record Connection(Socket socket, int number, OutputStream out) {
        boolean send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        boolean send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return true;
        }

        /** Sends an answer with its length. */
        boolean ok(String body, String... headers) throws IOException {
            return ok(body.getBytes(StandardCharsets.UTF_8), headers);
        }

        boolean ok(byte[] body, String... headers) throws IOException {
            return answer("200 OK", body, headers);
        }

        boolean status(String status, String... headers) throws IOException {
            return answer(status, new byte[0], headers);
        }

        private boolean answer(String status, byte[] body, String... headers) throws IOException {
            var head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            send(head + "Content-Length: " + body.length + "\r\n\r\n");
            return send(body);
        }

        boolean reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
            return false;
        }
    }

    private RawServer(ServerSocket socket, String scheme, Script script) {
        this.socket = socket;
        this.scheme = scheme;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    static RawServer start(Script script) throws IOException {
        return new RawServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), "http", script);
    }

    /** On a socket that the caller made, such as one of TLS. */
    static RawServer on(ServerSocket socket, Script script) {
        return new RawServer(socket, "https", script);
    }

    int port() {
        return socket.getLocalPort();
    }

    URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + port() + path);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(connection, number));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var connection = new Connection(socket, number, socket.getOutputStream());
            for (String request = head(in); !request.isEmpty(); request = head(in)) {
                requests.add(request);
                in.readNBytes(length(request));
                if (!script.answer(request, connection)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away.
        }
        clientClosed.countDown();
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.write(c);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int length(String request) {
        return header(request, "content-length").stream()
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }

    /** The values of a header in the head of a request. */
    static List<String> header(String request, String name) {
        var values = new ArrayList<String>();
        for (String line : request.lines().toList()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                values.add(line.substring(name.length() + 1).strip());
            }
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
