package io.tributary.standalone.cli;

import io.tributary.integrations.workbench.recording.RecordExchanges;
import io.tributary.integrations.workbench.recording.Recording;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Executes tasks of an integration with its provider, and keeps what they exchange by HTTP. The clock of the
 * integration stands still, for what it asks may depend on the time, and a replay has to ask the same.
 */
@Command(name = "record", description = "The same as run, and keep the HTTP exchanges in a file, without secrets.")
final class RecordTasksCommand extends TasksCommand {

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The file, JSON.")
    private Path to = Path.of("");

    RecordTasksCommand(Terminal terminal, Inputs inputs) {
        super(terminal, inputs);
    }

    @Override
    void prepare() {
        Path folder = to.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(to)) {
            throw new UsageError("--to is " + to + "; it must be a file in a folder that exists");
        }
    }

    @Override
    int execute(Execution execution) throws InterruptedException {
        Instant at = options.at().orElseGet(() -> Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
        var recorder = new RecordExchanges(execution.redaction);
        try {
            return execution.withProvider(Clock.fixed(at, ZoneOffset.UTC), recorder::before);
        } finally {
            // Also of one that was stopped. A command that was misused exchanged nothing, and leaves what there was.
            Recording recording = recorder.recording(
                    execution.domain(), at, execution.account.credentials().keySet());
            if (recording.size() > 0) {
                write(recording);
            }
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
