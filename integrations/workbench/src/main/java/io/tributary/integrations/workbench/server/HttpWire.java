package io.tributary.integrations.workbench.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** HTTP/1.1 on one connection, from the server's side, as far as tests need it. */
record HttpWire(Socket socket, InputStream in, OutputStream out) {

    private static final int LONGEST_LINE = 256 * 1024;
    private static final int LARGEST_BODY = 64 * 1024 * 1024;

    HttpWire(Socket socket) throws IOException {
        this(
                socket,
                new BufferedInputStream(socket.getInputStream()),
                new BufferedOutputStream(socket.getOutputStream()));
    }

    /** The next request; empty when the client closed the connection. */
    Optional<ReceivedRequest> read() throws IOException {
        String start = line();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = start.split(" ");
        var headers = new HashMap<String, String>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.putIfAbsent(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        URI target = URI.create(parts[1]);
        return Optional.of(new ReceivedRequest(
                parts[0],
                target.getPath(),
                target.getRawQuery() == null ? "" : target.getRawQuery(),
                headers,
                body(headers),
                Map.of()));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length > LARGEST_BODY) {
            throw new IOException("a body of " + length + " bytes");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return body;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    void write(ScriptedAnswer answer, ReceivedRequest request) throws IOException {
        head(answer);
        if (!request.method().equals("HEAD")) {
            out.write(answer.body());
        }
        out.flush();
    }

    /** The head of the whole and half of the body. */
    void writeHalf(ScriptedAnswer answer) throws IOException {
        head(answer);
        out.write(answer.body(), 0, answer.body().length / 2);
        out.flush();
    }

    private void head(ScriptedAnswer answer) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + answer.status() + " Scripted\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (answer.status() != 204 && answer.status() != 304) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends the connection with RST, as a crashed host does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
