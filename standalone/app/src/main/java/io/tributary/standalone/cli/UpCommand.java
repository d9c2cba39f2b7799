package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs everything until a signal stops it. */
@Command(name = "up", description = "Run everything: Kafka, Postgres, the schema registry and the services.")
final class UpCommand extends DataCommand {

    @Mixin
    private final PortOptions ports = new PortOptions();

    UpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        try (var standalone = StartDisplay.start(dataDir, ports.ports(), terminal)) {
            var guide = new Guide(terminal);
            guide.printPlaces(standalone.endpoints(), dataDir);
            guide.printHowToStop();
            stayUp(terminal);
        }
        return 0;
    }

    /** Returns when a signal stops the process. */
    static void stayUp(Terminal terminal) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // An interrupt stops the command, and is the one reason to return: the caller stops everything.
            terminal.line();
            terminal.line("stopping");
        }
    }
}
