package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** A command that works on a data folder. Everything that is logged goes to a file there; people get the terminal. */
abstract class DataCommand implements Callable<Integer> {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:TRIBUTARY_DATA_DIR}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "The folder that keeps everything: data, keys, the log, and plugins, whose integrations are loaded"
                            + " at start. Environment: TRIBUTARY_DATA_DIR. Default: .tributary next to the script.")
    private @Nullable Path path;

    final Terminal terminal;

    DataCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir =
                DataDir.at(path != null ? path : Path.of(System.getProperty("tributary.home", "."), ".tributary"));
        logTo(dataDir);
        return run(dataDir);
    }

    /** Does the work; returns the exit code. */
    abstract int run(DataDir dataDir) throws InterruptedException;

    /**
     * Comes before the first class that logs is loaded; later it has no effect. All commands are made at start, so none
     * of them may have a logger in a static field.
     */
    private static void logTo(DataDir dataDir) {
        System.setProperty("tributary.log", dataDir.log().toString()); // read by logback.xml
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none"); // three contexts share it
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
    }
}
