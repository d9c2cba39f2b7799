package io.tributary.standalone.cli;

import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.recording.Recording;
import io.tributary.integrations.workbench.recording.Redaction;
import io.tributary.integrations.workbench.recording.ReplayExchanges;
import io.tributary.standalone.UsageError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Executes tasks of an integration on what was recorded, at the time of the recording and without a network. */
@Command(name = "replay", description = "The same as run, on a recording: at its time and without a network.")
final class ReplayTasksCommand extends TasksCommand {

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "The file that record wrote.")
    private Path from = Path.of("");

    private @Nullable Recording recording;

    ReplayTasksCommand(Terminal terminal, Inputs inputs) {
        super(terminal, inputs);
    }

    @Override
    void prepare() {
        recording = read();
    }

    @Override
    int execute(Execution execution) throws InterruptedException {
        var recorded = Objects.requireNonNull(recording);
        if (!execution.domain().equals(recorded.domain())) {
            throw new UsageError(from + " was recorded of " + recorded.domain() + ", not of " + execution.domain());
        }
        Clock clock = Clock.fixed(options.at().orElse(recorded.at()), ZoneOffset.UTC);
        return execution.withRecorded(clock, new ReplayExchanges(recorded, execution.redaction));
    }

    /** Nobody checks credentials in a replay; the integration wants to find those that the recording had. */
    @Override
    LocalAccount account(LocalAccount given) {
        var credentials = new HashMap<String, String>();
        Objects.requireNonNull(recording).credentialKeys().forEach(key -> credentials.put(key, Redaction.MARK));
        credentials.putAll(given.credentials());
        return new LocalAccount(given.config(), credentials);
    }

    private Recording read() {
        try {
            return Recording.read(from);
        } catch (IOException e) {
            throw new UsageError("cannot read the recording " + from, e);
        } catch (IllegalArgumentException e) {
            throw new UsageError(from + " is no recording: " + e.getMessage(), e);
        }
    }
}
