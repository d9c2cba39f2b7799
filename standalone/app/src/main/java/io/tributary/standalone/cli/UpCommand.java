package io.tributary.standalone.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs everything until it is told to stop. */
@Command(name = "up", description = "run everything")
final class UpCommand implements Callable<Integer> {

    @Mixin
    private final Data data = new Data();

    @Mixin
    private final PortOptions ports = new PortOptions();

    private final Terminal terminal;

    UpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir = data.open();
        Logging.to(dataDir);
        try (var standalone = StartDisplay.start(dataDir, ports.ports(), terminal)) {
            var guide = new Guide(terminal);
            guide.printPlaces(standalone.endpoints(), dataDir);
            guide.printHowToStop();
            stayUp(terminal);
        }
        return 0;
    }

    /** Returns when the process is told to stop. */
    static void stayUp(Terminal terminal) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // That is how a command is told to stop, and the one reason to return: the caller now does so.
            terminal.line();
            terminal.line("stopping");
        }
    }
}
