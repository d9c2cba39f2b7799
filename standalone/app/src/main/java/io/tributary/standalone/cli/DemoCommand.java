package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.demo.DemoMailServer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything, and syncs two sample accounts: one of hello-world, one of a mailbox that the demo brings along. */
@Command(name = "demo", description = "Run everything, sync two sample accounts and show what landed.")
final class DemoCommand extends DataCommand {

    private static final String USER = "demo";
    private static final int ROWS = 15;

    /** Minutes; a year, the most there is: after the demo nobody is there to be polled. */
    private static final int HARDLY_EVER = 525_600;

    @Mixin
    private final PortOptions ports = new PortOptions();

    @Option(
            names = "--exit",
            description = "End after the sync. The exit code is 0 if both runs succeeded and are proven complete.")
    private boolean exit;

    DemoCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        boolean complete;
        try (var standalone = StartDisplay.start(dataDir, ports.ports(), terminal);
                var mail = DemoMailServer.start()) {
            var started = StartDisplay.uptime();
            String token = new Tokens(dataDir, Clock.systemUTC()).mint(USER, false);
            complete = sync(standalone.endpoints(), token, mail.port());
            var guide = new Guide(terminal);
            guide.printOwnMailbox();
            guide.printPlaces(standalone.endpoints(), dataDir);
            terminal.line();
            terminal.line("start " + Text.seconds(started) + ", sync "
                    + Text.seconds(StartDisplay.uptime().minus(started)) + ", in all "
                    + Text.seconds(StartDisplay.uptime()));
            if (!exit) {
                guide.printHowToStop();
                UpCommand.stayUp(terminal);
            }
        }
        if (exit) {
            terminal.line("stopped after " + Text.seconds(StartDisplay.uptime()));
        }
        return complete ? 0 : 1;
    }

    private boolean sync(Endpoints endpoints, String token, int imapPort) throws InterruptedException {
        try (var api = new ApiClient(endpoints.api(), token)) {
            var syncs = new Session(api, terminal).sync(List.of(helloWorld(), mailbox(imapPort)));
            var report = new Report(api, terminal);
            for (Session.Sync sync : syncs) {
                report.showContent(sync, ROWS);
            }
            return report.showProofs(syncs);
        }
    }

    private static Account helloWorld() {
        return new Account(
                USER, "hello-world", "hello-world", Map.of("name", "Tributary", "count", 10), Map.of(), HARDLY_EVER);
    }

    private static Account mailbox(int port) {
        return new Account(
                USER,
                "imap",
                "mailbox",
                Map.of("host", "127.0.0.1", "port", port, "security", "none", "folder", "INBOX"),
                Map.of("username", DemoMailServer.USER, "password", DemoMailServer.PASSWORD),
                HARDLY_EVER);
    }
}
