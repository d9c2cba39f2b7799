package io.tributary.standalone.cli;

import io.tributary.integrations.testkit.recording.RecordExchanges;
import io.tributary.integrations.testkit.recording.Recording;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.standalone.integration.ChosenPlugin;
import io.tributary.standalone.integration.LocalAccount;
import io.tributary.worker.plugins.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Executes tasks of an integration with its provider, and keeps what they exchange by HTTP. The clock of the integration
 * stands still, for what it asks may depend on the time, and a replay has to ask the same.
 */
@Command(name = "record", description = "the same as run, and keep what is exchanged by HTTP")
final class RecordTasksCommand implements Callable<Integer> {

    @Mixin
    private final Data data = new Data();

    @Mixin
    private final TaskOptions options;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "where it is kept, as JSON")
    private Path to = Path.of("");

    private final Terminal terminal;

    RecordTasksCommand(Terminal terminal, Inputs inputs) {
        this.terminal = terminal;
        this.options = new TaskOptions(inputs);
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir = data.open();
        Logging.to(dataDir);
        requireFolder();
        var account = options.account();
        try (var chosen = ChosenPlugin.of(options.integration(), dataDir)) {
            return record(chosen.loaded(), account);
        }
    }

    private int record(Plugin plugin, LocalAccount account) throws InterruptedException {
        Instant at = options.at().orElseGet(() -> Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
        var executing = new ExecuteTasks(options, terminal, plugin, account);
        var recorder = new RecordExchanges(executing.redaction());
        try {
            return executing.withProvider(Clock.fixed(at, ZoneOffset.UTC), recorder::before);
        } finally {
            // Also of one that was stopped. A command that was misused exchanged nothing, and leaves what there was.
            Recording recording = recorder.recording(
                    plugin.manifest().domain(), at, account.credentials().keySet());
            if (recording.size() > 0) {
                write(recording);
            }
        }
    }

    private void requireFolder() {
        Path folder = to.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(to)) {
            throw new UsageError("--to is " + to + "; it must be a file in a folder that exists");
        }
    }

    private void write(Recording recording) {
        try {
            recording.write(to);
        } catch (IOException e) {
            throw new UserError("cannot write " + to + ": " + e.getMessage(), e);
        }
        if (!options.json()) {
            terminal.line(recording.size() + " exchanges in " + to);
        }
    }
}
