package io.tributary.integrations.ftp;

import io.tributary.integrations.workbench.ConnectedAccount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An FTP server that does what a test says, right or wrong. Its directories are the lines that a test gives them. */
final class ScriptedFtpServer implements AutoCloseable {

    /** How a transfer ends before the file does. */
    enum Cut {
        /** The data connection closes, and the server says that it broke off. */
        ADMITTED,
        /** The data connection closes, and the server says that all is well. */
        DENIED,
        /** Both connections close. */
        SILENT
    }

    private record Truncation(int bytes, Cut cut) {}

    private final ServerSocket listening;
    private final Map<String, List<String>> directories = new ConcurrentHashMap<>();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Truncation> truncations = new ConcurrentLinkedQueue<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private volatile String greeting = "220 ready";
    private volatile String features = " MLST type*;size*;modify*;\r\n SIZE\r\n MDTM\r\n UTF8\r\n";
    private volatile String pasvHost = "127,0,0,1";
    private volatile int growth;
    private volatile String time = "20260102030405";

    ScriptedFtpServer() {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    ConnectedAccount account(FtpIntegration integration) {
        return ConnectedAccount.of(integration)
                .config("protocol", "ftp")
                .config("host", "127.0.0.1")
                .config("port", listening.getLocalPort())
                .credentials(Map.of("username", "ada", "password", "secret"));
    }

    ScriptedFtpServer greeting(String line) {
        greeting = line;
        return this;
    }

    /** What FEAT answers: lines that start with a space and end with CRLF. */
    ScriptedFtpServer features(String lines) {
        features = lines;
        return this;
    }

    /** The lines of a listing, whichever command asks for it. */
    ScriptedFtpServer directory(String path, String... lines) {
        directories.put(path, List.of(lines));
        return this;
    }

    ScriptedFtpServer file(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The next transfer of a file ends after so many bytes. */
    ScriptedFtpServer cutNext(int bytes, Cut cut) {
        truncations.add(new Truncation(bytes, cut));
        return this;
    }

    /** A command, with or without its argument, is answered by this line and nothing else. */
    ScriptedFtpServer reply(String command, String line) {
        replies.put(command, line);
        return this;
    }

    /** PASV names this address, such as {@code 10,0,0,1}. */
    ScriptedFtpServer pasvHost(String host) {
        pasvHost = host;
        return this;
    }

    /** Each file has so many bytes more after each transfer. */
    ScriptedFtpServer growing(int bytes) {
        growth = bytes;
        return this;
    }

    List<String> commands() {
        return commands;
    }

    /** Closes the connections that are open. */
    void hangUp() {
        open.forEach(ScriptedFtpServer::closeQuietly);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.startVirtualThread(() -> new Client(socket).serve());
            } catch (IOException e) {
                return;
            }
        }
    }

    private final class Client {
        private final Socket control;
        private final OutputStream out;
        private final BufferedReader in;
        private @Nullable ServerSocket passive;
        private String directory = "/";
        private int restart;

        Client(Socket control) {
            this.control = control;
            open.add(control);
            try {
                control.setTcpNoDelay(true);
                out = control.getOutputStream();
                in = new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void serve() {
            try (control) {
                say(greeting);
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    commands.add(line);
                    String[] words = line.split(" ", 2);
                    String scripted = replies.getOrDefault(line, replies.get(words[0]));
                    if (scripted != null) {
                        say(scripted);
                    } else {
                        answer(words[0], words.length > 1 ? words[1] : "");
                    }
                }
            } catch (IOException e) {
                // The client, or the test, hung up.
            } finally {
                open.remove(control);
            }
        }

        private void answer(String command, String argument) throws IOException {
            switch (command) {
                case "USER" -> say("331 password please");
                case "PASS" -> say(argument.equals("secret") ? "230 welcome" : "530 Login incorrect.");
                case "FEAT" -> say("211-Features:\r\n" + features + "211 End");
                case "OPTS", "TYPE" -> say("200 ok");
                case "CWD" -> changeDirectory(argument);
                case "EPSV" -> say("229 ok (|||" + listen() + "|)");
                case "PASV" -> {
                    int port = listen();
                    say("227 Entering Passive Mode (" + pasvHost + "," + (port >> 8) + "," + (port & 255) + ").");
                }
                case "MLSD", "LIST" -> list();
                case "REST" -> {
                    restart = Integer.parseInt(argument);
                    say("350 ok");
                }
                case "RETR" -> retrieve(argument);
                case "SIZE" ->
                    say(files.containsKey(argument) ? "213 " + files.get(argument).length : "550 No such file");
                case "MDTM" -> say(files.containsKey(argument) ? "213 " + time : "550 No such file");
                case "MLST" ->
                    say(
                            files.containsKey(argument)
                                    ? "250-ok\r\n type=file;size=" + files.get(argument).length + ";modify=" + time
                                            + "; " + argument + "\r\n250 End"
                                    : "550 No such file");
                case "QUIT" -> say("221 bye");
                default -> say("502 what?");
            }
        }

        private void changeDirectory(String path) throws IOException {
            directory = path;
            say(directories.containsKey(path) ? "250 ok" : "550 No such directory");
        }

        private int listen() throws IOException {
            passive = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            return passive.getLocalPort();
        }

        private void list() throws IOException {
            try (ServerSocket server = Objects.requireNonNull(passive);
                    Socket data = server.accept()) {
                say("150 here it comes");
                for (String line : directories.getOrDefault(directory, List.of())) {
                    data.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            say("226 done");
        }

        private void retrieve(String path) throws IOException {
            byte[] content = files.get(path);
            if (content == null) {
                say("550 No such file");
                return;
            }
            Truncation truncation = truncations.poll();
            int end = truncation == null ? content.length : Math.min(content.length, restart + truncation.bytes);
            try (ServerSocket server = Objects.requireNonNull(passive);
                    Socket data = server.accept()) {
                say("150 here it comes");
                data.getOutputStream().write(Arrays.copyOfRange(content, Math.min(restart, end), end));
            }
            restart = 0;
            files.computeIfPresent(path, (name, bytes) -> Arrays.copyOf(bytes, bytes.length + growth));
            if (truncation != null && truncation.cut == Cut.SILENT) {
                control.close();
            } else {
                say(truncation != null && truncation.cut == Cut.ADMITTED ? "426 broke off" : "226 done");
            }
        }

        private void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        hangUp();
    }
}
