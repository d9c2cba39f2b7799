package io.tributary.standalone.cli;

import io.tributary.integrations.testkit.recording.Recording;
import io.tributary.integrations.testkit.recording.Redaction;
import io.tributary.integrations.testkit.recording.ReplayExchanges;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.integration.ChosenPlugin;
import io.tributary.standalone.integration.LocalAccount;
import io.tributary.worker.plugins.Plugin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Executes tasks of an integration on what was recorded, at the time of the recording and without a network. */
@Command(name = "replay", description = "the same as run, on what was recorded")
final class ReplayTasksCommand implements Callable<Integer> {

    @Mixin
    private final Data data = new Data();

    @Mixin
    private final TaskOptions options;

    @Option(names = "--from", paramLabel = "FILE", required = true, description = "what record kept")
    private Path from = Path.of("");

    private final Terminal terminal;

    ReplayTasksCommand(Terminal terminal, Inputs inputs) {
        this.terminal = terminal;
        this.options = new TaskOptions(inputs);
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir = data.open();
        Logging.to(dataDir);
        var recording = recording();
        var account = withStandIns(options.account(), recording);
        try (var chosen = ChosenPlugin.of(options.integration(), dataDir)) {
            return replay(chosen.loaded(), account, recording);
        }
    }

    private int replay(Plugin plugin, LocalAccount account, Recording recording) throws InterruptedException {
        String domain = plugin.manifest().domain();
        if (!domain.equals(recording.domain())) {
            throw new UsageError(from + " was recorded of " + recording.domain() + ", not of " + domain);
        }
        var executing = new ExecuteTasks(options, terminal, plugin, account);
        Clock clock = Clock.fixed(options.at().orElse(recording.at()), ZoneOffset.UTC);
        return executing.withRecorded(clock, new ReplayExchanges(recording, executing.redaction()));
    }

    private Recording recording() {
        try {
            return Recording.read(from);
        } catch (IOException e) {
            throw new UsageError("cannot read the recording " + from, e);
        } catch (IllegalArgumentException e) {
            throw new UsageError(from + " is no recording: " + e.getMessage(), e);
        }
    }

    /** Nobody looks at credentials in a replay; the integration wants to find those there were. */
    private static LocalAccount withStandIns(LocalAccount given, Recording recording) {
        var credentials = new HashMap<String, String>();
        recording.credentialKeys().forEach(key -> credentials.put(key, Redaction.MARK));
        credentials.putAll(given.credentials());
        return new LocalAccount(given.config(), credentials);
    }
}
