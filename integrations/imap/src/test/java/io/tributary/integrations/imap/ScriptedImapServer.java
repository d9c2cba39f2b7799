package io.tributary.integrations.imap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A small IMAP server on loopback that keeps messages byte by byte, writes down what it was asked, and answers some
 * commands as a test wants them answered. One folder, one user; knows what the integration uses.
 */
final class ScriptedImapServer implements AutoCloseable {

    static final String USER = "ada@example.org";
    static final String PASSWORD = "correct horse \"battery\" staple";

    static final String ACCESS_TOKEN = "ya29.token";

    /** How connections are protected. */
    enum Protection {
        NONE,
        TLS,
        STARTTLS
    }

    /** Answers a command instead of the server. */
    interface Script {
        /** Whether it did; false lets the server answer. */
        boolean answer(String command, Session session) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent") // read only
    record Message(byte[] source, Instant internalDate) {}

    private static final DateTimeFormatter INTERNAL_DATE =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SEARCH_DATE = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("d-MMM-yyyy")
            .toFormatter(Locale.US);
    private static final Pattern SEARCH = Pattern.compile("UID SEARCH UID (\\S+)(?: SINCE (\\S+))?(?: BEFORE (\\S+))?");
    private static final Pattern FETCH = Pattern.compile("UID FETCH (\\S+) \\((.*)\\)");

    private final Protection protection;
    private final @Nullable SSLContext tls;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final ConcurrentSkipListMap<Long, Message> messages = new ConcurrentSkipListMap<>();
    private volatile String folder = "INBOX";
    private volatile String greeting = "* OK ready";
    private volatile String capabilities = "IMAP4rev1 AUTH=PLAIN";
    private volatile long uidValidity = 1_700_000_000;
    private volatile long uidNext = 1;
    private volatile String accessToken = ACCESS_TOKEN;
    private volatile Script script = (command, session) -> false;

    private ScriptedImapServer(Protection protection, @Nullable SSLContext tls) throws IOException {
        this.protection = protection;
        this.tls = tls;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    static ScriptedImapServer plain() throws IOException {
        return new ScriptedImapServer(Protection.NONE, null);
    }

    static ScriptedImapServer secure(Protection protection, SSLContext tls) throws IOException {
        return new ScriptedImapServer(protection, tls);
    }

    int port() {
        return server.getLocalPort();
    }

    ScriptedImapServer greeting(String greeting) {
        this.greeting = greeting;
        return this;
    }

    ScriptedImapServer capabilities(String capabilities) {
        this.capabilities = capabilities;
        return this;
    }

    /** Takes another access token from now on, and ends the sessions of the one before. */
    ScriptedImapServer accessToken(String accessToken) {
        this.accessToken = accessToken;
        hangUp();
        return this;
    }

    ScriptedImapServer script(Script script) {
        this.script = script;
        return this;
    }

    /** Answers commands that start so with this, after the tag. */
    ScriptedImapServer refuse(String commandStart, String answer) {
        return script((command, session) -> {
            if (!command.startsWith(commandStart)) {
                return false;
            }
            session.tagged(answer);
            return true;
        });
    }

    /** Gives the folder another name, and another UIDVALIDITY. */
    ScriptedImapServer folder(String name, long uidValidity) {
        this.folder = name;
        this.uidValidity = uidValidity;
        return this;
    }

    long uidValidity() {
        return uidValidity;
    }

    /** Adds a message; its UID is the next one. */
    long add(String source) {
        return add(source.getBytes(StandardCharsets.UTF_8), Instant.parse("2026-02-03T10:11:12Z"));
    }

    synchronized long add(byte[] source, Instant internalDate) {
        long uid = uidNext++;
        messages.put(uid, new Message(source, internalDate));
        return uid;
    }

    /** The next message gets this UID, or a later one. */
    void skipTo(long uid) {
        uidNext = uid;
    }

    void expunge(long uid) {
        messages.remove(uid);
    }

    /** All commands so far, without tags and secrets, in the order they came in. */
    List<String> commands() {
        return List.copyOf(commands);
    }

    List<String> commands(String start) {
        return commands.stream().filter(command -> command.startsWith(start)).toList();
    }

    void forgetCommands() {
        commands.clear();
    }

    /** How many connections were made so far. */
    int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    int openConnections() {
        return open.size();
    }

    /** Drops all connections without a word. */
    void hangUp() {
        for (Socket socket : open) {
            closeQuietly(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or a client that was gone at once.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Session(socket).run();
        } catch (IOException e) {
            // The client is gone, or does not trust us.
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /** One connection. */
    final class Session {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private String tag = "";

        Session(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = new BufferedOutputStream(socket.getOutputStream());
        }

        void run() throws IOException {
            if (protection == Protection.TLS) {
                startTls();
            }
            line(greeting);
            for (String line = readLine(); line != null; line = readLine()) {
                int space = line.indexOf(' ');
                if (space < 0) {
                    return; // Not IMAP: TLS perhaps.
                }
                tag = line.substring(0, space);
                String command = line.substring(space + 1);
                commands.add(withoutSecret(command));
                if (!script.answer(command, this)) {
                    answer(command);
                }
                if (command.equals("LOGOUT")) {
                    return;
                }
            }
        }

        private static String withoutSecret(String command) {
            if (command.startsWith("LOGIN ")) {
                return "LOGIN";
            }
            return command.startsWith("AUTHENTICATE XOAUTH2 ") ? "AUTHENTICATE XOAUTH2 with its answer" : command;
        }

        /** Writes a line, without its end. */
        void line(String text) throws IOException {
            out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void bytes(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Completes the command. */
        void tagged(String answer) throws IOException {
            line(tag + " " + answer);
        }

        void hangUp() throws IOException {
            socket.close();
        }

        /** Agrees to STARTTLS, and sends something unencrypted right behind. */
        void startTls(String injected) throws IOException {
            bytes((tag + " OK go ahead\r\n" + injected).getBytes(StandardCharsets.UTF_8));
            startTls();
        }

        void answer(String command) throws IOException {
            String verb = command.split(" ", 2)[0];
            switch (verb) {
                case "CAPABILITY" -> line("* CAPABILITY " + capabilities);
                case "STARTTLS" -> {
                    startTls("");
                    return;
                }
                case "AUTHENTICATE" -> {
                    if (command.startsWith("AUTHENTICATE XOAUTH2")) {
                        authenticateXoauth2(command);
                        return;
                    }
                    line("+ ");
                    byte[] answer = Base64.getDecoder().decode(readLine());
                    if (!new String(answer, StandardCharsets.UTF_8).equals("\0" + USER + "\0" + PASSWORD)) {
                        tagged("NO [AUTHENTICATIONFAILED] no");
                        return;
                    }
                }
                case "LOGIN" -> {
                    String quoted = PASSWORD.replace("\"", "\\\"");
                    if (!command.equals("LOGIN " + USER + " \"" + quoted + "\"")) {
                        tagged("NO no such user or password, " + command);
                        return;
                    }
                }
                case "EXAMINE" -> {
                    if (!command.equals("EXAMINE " + folder) && !command.equals("EXAMINE \"" + folder + "\"")) {
                        tagged("NO no such mailbox");
                        return;
                    }
                    line("* " + messages.size() + " EXISTS");
                    line("* OK [UIDVALIDITY " + uidValidity + "] valid");
                    line("* OK [UIDNEXT " + uidNext + "] next");
                }
                case "LIST" -> {
                    line("* LIST (\\HasNoChildren) \"/\" INBOX");
                    line("* LIST (\\Noselect) \"/\" Archive");
                    line("* LIST (\\HasNoChildren) \"/\" \"Archive/2025\"");
                    line("* LIST (\\HasNoChildren) \"/\" \"Archive/2026\"");
                    line("* LIST (\\HasNoChildren) \"/\" \"Entw&APw-rfe\"");
                }
                case "UID" -> {
                    Matcher search = SEARCH.matcher(command);
                    Matcher fetch = FETCH.matcher(command);
                    if (search.matches()) {
                        search(search);
                    } else if (fetch.matches()) {
                        fetch(fetch.group(1), List.of(fetch.group(2).split(" ")));
                    } else {
                        tagged("BAD what?");
                        return;
                    }
                }
                case "LOGOUT" -> line("* BYE bye");
                default -> {
                    tagged("BAD what?");
                    return;
                }
            }
            tagged("OK done");
        }

        /** As Gmail does: a refusal is a challenge first, and is complete after an empty answer. */
        private void authenticateXoauth2(String command) throws IOException {
            String[] words = command.split(" ", 3);
            if (words.length < 3) {
                line("+ ");
            }
            String encoded = words.length < 3 ? readLine() : words[2];
            String answer = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            if (answer.equals("user=" + USER + "\1auth=Bearer " + accessToken + "\1\1")) {
                tagged("OK [CAPABILITY IMAP4rev1] welcome");
                return;
            }
            line("+ "
                    + Base64.getEncoder()
                            .encodeToString(
                                    "{\"status\":\"401\",\"schemes\":\"Bearer\"}".getBytes(StandardCharsets.UTF_8)));
            String end = readLine();
            tagged("".equals(end) ? "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)" : "BAD what?");
        }

        private void search(Matcher search) throws IOException {
            String found = messages(search.group(1)).entrySet().stream()
                    .filter(entry -> {
                        // As some servers do, by the day in a time zone far away.
                        LocalDate day = LocalDate.ofInstant(entry.getValue().internalDate, ZoneOffset.ofHours(14));
                        return (search.group(2) == null || !day.isBefore(date(search.group(2))))
                                && (search.group(3) == null || day.isBefore(date(search.group(3))));
                    })
                    .map(entry -> " " + entry.getKey())
                    .collect(Collectors.joining());
            line("* SEARCH" + found);
        }

        void fetch(String set, List<String> items) throws IOException {
            for (Map.Entry<Long, Message> entry : messages(set).entrySet()) {
                bytes(fetched(entry.getKey(), entry.getValue(), items));
            }
        }

        private byte[] fetched(long uid, Message message, List<String> items) {
            var answer = new ByteArrayOutputStream();
            write(answer, "* 1 FETCH ("); // The number is not looked at.
            for (int i = 0; i < items.size(); i++) {
                write(answer, i == 0 ? "" : " ");
                switch (items.get(i)) {
                    case "UID" -> write(answer, "UID " + uid);
                    case "FLAGS" -> write(answer, "FLAGS (\\Flagged $Label1 \\Recent)");
                    case "RFC822.SIZE" -> write(answer, "RFC822.SIZE " + message.source.length);
                    case "INTERNALDATE" ->
                        write(answer, "INTERNALDATE \"" + INTERNAL_DATE.format(message.internalDate) + "\"");
                    case "BODY.PEEK[]" -> literal(answer, "BODY[]", message.source);
                    case "BODY.PEEK[HEADER]" -> literal(answer, "BODY[HEADER]", header(message.source));
                    default -> throw new IllegalArgumentException(items.get(i));
                }
            }
            write(answer, ")\r\n");
            return answer.toByteArray();
        }

        private void startTls() throws IOException {
            if (tls == null) {
                throw new IOException("no TLS");
            }
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            socket = secure;
            in = new BufferedInputStream(secure.getInputStream());
            out = new BufferedOutputStream(secure.getOutputStream());
        }

        private @Nullable String readLine() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }
    }

    /** The messages of a sequence set. */
    private Map<Long, Message> messages(String set) {
        var found = new TreeMap<Long, Message>();
        for (String range : set.split(",", -1)) {
            String[] ends = range.split(":", -1);
            found.putAll(messages.subMap(Long.valueOf(ends[0]), true, Long.valueOf(ends[ends.length - 1]), true));
        }
        return found;
    }

    private static LocalDate date(String text) {
        return LocalDate.parse(text, SEARCH_DATE);
    }

    private static byte[] header(byte[] source) {
        String text = new String(source, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return (end < 0 ? text : text.substring(0, end + 4)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void literal(ByteArrayOutputStream answer, String item, byte[] bytes) {
        write(answer, item + " {" + bytes.length + "}\r\n");
        answer.writeBytes(bytes);
    }

    private static void write(ByteArrayOutputStream answer, String text) {
        answer.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
