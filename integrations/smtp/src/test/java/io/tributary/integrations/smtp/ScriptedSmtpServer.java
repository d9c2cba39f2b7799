package io.tributary.integrations.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server for what can go wrong: each command is answered as the test says, or well. An empty answer closes the
 * connection, {@link #RESET} breaks it.
 */
final class ScriptedSmtpServer implements AutoCloseable {

    /** What is answered to the end of a message. */
    static final String END = ".";

    /** An answer that breaks the connection. */
    static final String RESET = "RESET";

    private final ServerSocket socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final @Nullable TestCertificate certificate;

    private ScriptedSmtpServer(@Nullable TestCertificate certificate) {
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.certificate = certificate;
    }

    static ScriptedSmtpServer plain() {
        return started(new ScriptedSmtpServer(null));
    }

    static ScriptedSmtpServer withStartTls(TestCertificate certificate) {
        return started(new ScriptedSmtpServer(certificate));
    }

    private static ScriptedSmtpServer started(ScriptedSmtpServer server) {
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    /** @param command such as {@code RCPT}, or {@link #END} */
    ScriptedSmtpServer answer(String command, String reply) {
        answers.put(command, reply);
        return this;
    }

    /** All lines of all connections. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket first) {
        try (first) {
            converse(first, true);
        } catch (IOException e) {
            // The client went away.
        }
    }

    private void converse(Socket connection, boolean greets) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
        OutputStream out = connection.getOutputStream();
        if (greets && !say(out, answers.getOrDefault("CONNECT", "220 scripted"))) {
            return;
        }
        boolean message = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add(line);
            if (message && !line.equals(".")) {
                continue;
            }
            message = false;
            String command = line.equals(".") ? END : line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            String reply = answers.getOrDefault(command, usual(command));
            if (reply.equals(RESET)) {
                connection.setSoLinger(true, 0);
                return;
            }
            if (!say(out, reply)) {
                return;
            }
            message = reply.startsWith("354");
            if (command.equals("STARTTLS") && reply.startsWith("220") && certificate != null) {
                var tls = (SSLSocket) certificate.server().getSocketFactory().createSocket(connection, null, true);
                converse(tls, false);
                return;
            }
        }
    }

    private String usual(String command) {
        return switch (command) {
            case "EHLO" ->
                "250-scripted\r\n" + (certificate == null ? "" : "250-STARTTLS\r\n") + "250 AUTH PLAIN LOGIN";
            case "DATA" -> "354 go on";
            case "AUTH" -> "235 welcome";
            case "STARTTLS" -> "220 go on";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    private static boolean say(OutputStream out, String reply) throws IOException {
        if (reply.isEmpty()) {
            return false;
        }
        out.write((reply + "\r\n").getBytes(UTF_8));
        out.flush();
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
