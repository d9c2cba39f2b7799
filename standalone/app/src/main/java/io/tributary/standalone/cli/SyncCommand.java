package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.ServerPorts;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.UserError;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Syncs one account: on the running instance of the data folder, or on one of its own for as long as it takes. */
@Command(name = "sync", description = "sync one account")
final class SyncCommand implements Callable<Integer> {

    private static final int ROWS = 20;
    private static final int POLL_INTERVAL_MINUTES = 15;

    @Mixin
    private final Data data = new Data();

    @Parameters(paramLabel = "<integration>", description = "such as imap or hello-world")
    private String domain = "";

    @Option(names = "--user", paramLabel = "U", defaultValue = "demo", description = "whose account it is")
    private String user = "demo";

    @Option(names = "--name", paramLabel = "NAME", description = "the name of the account")
    private @Nullable String name;

    @Option(names = "--host", paramLabel = "HOST", description = "config of that name")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "N", description = "config of that name")
    private @Nullable Integer port;

    @Option(names = "--security", paramLabel = "S", description = "config of that name: tls, starttls or none")
    private @Nullable String security;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "config of that name")
    private @Nullable String folder;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "any other config")
    private Map<String, String> config = new HashMap<>();

    @Option(names = "--username", paramLabel = "NAME", description = "the user to log in as")
    private @Nullable String username;

    @Option(names = "--password-stdin", description = "read the password from standard input")
    private boolean passwordFromStdin;

    private final Terminal terminal;

    SyncCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir = data.open();
        Logging.to(dataDir);
        var account = account();
        var running = Endpoints.ofRunning(dataDir);
        if (running.isPresent()) {
            return sync(account, running.get(), dataDir);
        }
        try (var standalone = StartDisplay.start(dataDir, ServerPorts.FREE, terminal)) {
            return sync(account, standalone.endpoints(), dataDir);
        }
    }

    private int sync(Account account, Endpoints endpoints, DataDir dataDir) throws InterruptedException {
        String token = new Tokens(dataDir, Clock.systemUTC()).mint(user, false);
        try (var api = new ApiClient(endpoints.api(), token)) {
            var syncs = new Session(api, terminal).sync(List.of(account));
            var report = new Report(api, terminal);
            report.showContent(syncs.getFirst(), ROWS);
            return report.showProofs(syncs) ? 0 : 1;
        }
    }

    private Account account() {
        var credentials = new HashMap<String, String>();
        if (username != null) {
            credentials.put("username", username);
            credentials.put("password", password());
        }
        String accountName = name != null ? name : host != null ? username + " at " + host : domain;
        return new Account(user, domain, accountName, configuration(), credentials, POLL_INTERVAL_MINUTES);
    }

    private Map<String, Object> configuration() {
        var all = new HashMap<String, Object>();
        config.forEach((key, value) -> all.put(key, JsonValue.of(value)));
        putIfGiven(all, "host", host);
        putIfGiven(all, "port", port);
        putIfGiven(all, "security", security);
        putIfGiven(all, "folder", folder);
        return all;
    }

    private static void putIfGiven(Map<String, Object> all, String key, @Nullable Object value) {
        if (value != null) {
            all.put(key, value);
        }
    }

    private String password() {
        String fromEnvironment = System.getenv("TRIBUTARY_PASSWORD");
        if (passwordFromStdin) {
            return firstLineOfStdin();
        }
        if (fromEnvironment != null) {
            return fromEnvironment;
        }
        char[] typed = askForPassword();
        if (typed == null) {
            throw new UserError("no password: set TRIBUTARY_PASSWORD, or give --password-stdin and pipe it in");
        }
        return new String(typed);
    }

    /** What is typed, unseen; null when nobody is there to type. */
    @SuppressWarnings("SystemConsoleNull") // it is null again from JDK 25 on, where there is no terminal
    private char @Nullable [] askForPassword() {
        Console console = System.console();
        return console == null || !console.isTerminal() ? null : console.readPassword("Password of %s: ", username);
    }

    private static String firstLineOfStdin() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line == null) {
                throw new UserError("--password-stdin was given, and nothing came on standard input");
            }
            return line;
        } catch (IOException e) {
            throw new UserError("cannot read the password from standard input: " + e.getMessage(), e);
        }
    }
}
