package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.ServerPorts;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Syncs one account: on the running instance of the data folder, or on one of its own for as long as it takes. */
@Command(
        name = "sync",
        description =
                "Sync one account and show what landed. Uses the `up` that runs on the data folder; without one it runs"
                        + " everything itself.",
        footer = "%nExample: ./tributary sync imap --host imap.example.com --username me@example.com --folder INBOX")
final class SyncCommand extends DataCommand {

    private static final int ROWS = 20;
    private static final int POLL_INTERVAL_MINUTES = 15;

    /** Config keys that are options of their own, which is all that the command knows of any integration. */
    private static final Map<String, Class<?>> CONFIG_OPTIONS = new TreeMap<>(
            Map.of("host", String.class, "port", Integer.class, "security", String.class, "folder", String.class));

    @Parameters(
            paramLabel = "<integration>",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Such as imap or hello-world.")
    private String domain = "";

    @Option(names = "--user", paramLabel = "U", defaultValue = "demo", description = "The user who owns the account.")
    private String user = "demo";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of the account; one that exists is used again. Default: user and host, or the"
                    + " integration.")
    private @Nullable String name;

    @Mixin
    private final AccountOptions account;

    private final Map<String, Object> configOptions = new HashMap<>();

    private SyncCommand(Terminal terminal, Inputs inputs) {
        super(terminal);
        this.account = new AccountOptions(inputs, true);
    }

    static CommandLine with(Terminal terminal, Inputs inputs) {
        var command = new SyncCommand(terminal, inputs);
        var line = new CommandLine(command);
        CONFIG_OPTIONS.forEach((key, type) -> line.getCommandSpec()
                .addOption(OptionSpec.builder("--" + key)
                        .type(type)
                        .paramLabel(key.toUpperCase(Locale.ROOT))
                        .description("The same as --config " + key + "=...")
                        .setter(command.setterOf(key))
                        .build()));
        return line;
    }

    private ISetter setterOf(String key) {
        return new ISetter() {
            @Override
            public <T> T set(T value) {
                if (value == null) {
                    configOptions.remove(key);
                } else {
                    configOptions.put(key, value);
                }
                return value;
            }
        };
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        var wanted = account();
        var running = Endpoints.ofRunning(dataDir);
        if (running.isPresent()) {
            return sync(wanted, running.get(), dataDir);
        }
        try (var standalone = StartDisplay.start(dataDir, ServerPorts.FREE, terminal)) {
            return sync(wanted, standalone.endpoints(), dataDir);
        }
    }

    private int sync(Account wanted, Endpoints endpoints, DataDir dataDir) throws InterruptedException {
        String token = new Tokens(dataDir, Clock.systemUTC()).mint(user, false);
        try (var api = new ApiClient(endpoints.api(), token)) {
            var syncs = new Session(api, terminal).sync(List.of(wanted));
            var report = new Report(api, terminal);
            report.showContent(syncs.getFirst(), ROWS);
            return report.showProofs(syncs) ? 0 : 1;
        }
    }

    private Account account() {
        var config = account.configuration();
        config.putAll(configOptions);
        Object host = configOptions.get("host");
        String accountName = name != null ? name : host != null ? account.username() + " at " + host : domain;
        return new Account(user, domain, accountName, config, account.credentials(), POLL_INTERVAL_MINUTES);
    }
}
