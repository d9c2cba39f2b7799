package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.RotateKeyset;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.UserError;
import io.tributary.standalone.api.ApiClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Rotates the key that credentials are sealed with, while everything runs: adds a key, lets it seal once all services
 * know it, and waits until nothing needs the old ones. Interrupted, it can be given again.
 */
@Command(name = "rotate-keys", description = "Seal all credentials with a new key, while everything runs.")
final class RotateKeysCommand extends DataCommand {

    /** The services read the file again every 5 s. */
    private static final Duration UNTIL_ALL_KNOW_IT = Duration.ofSeconds(12);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Option(names = "--disable-old", description = "Disable the old keys once nothing needs them.")
    private boolean disableOld;

    @Option(
            names = "--keyset",
            paramLabel = "FILE",
            description = "The keyset of services that run elsewhere; with --step.")
    private @Nullable Path keyset;

    @Option(names = "--step", paramLabel = "S", description = "One step on --keyset: add, promote or disable-old.")
    private @Nullable String step;

    RotateKeysCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (keyset != null) {
            return oneStep(new RotateKeyset(keyset));
        }
        if (step != null) {
            throw new UserError("--step goes with --keyset FILE");
        }
        return super.call();
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        var rotate = new RotateKeyset(dataDir.keyset());
        var running = Endpoints.ofRunning(dataDir);
        terminal.line("added key " + rotate.add());
        if (running.isPresent()) {
            Thread.sleep(UNTIL_ALL_KNOW_IT);
        }
        int primary = rotate.promote();
        terminal.line("key " + primary + " seals from now on");
        if (running.isEmpty()) {
            terminal.line("nothing runs on " + dataDir.path() + ": the next start seals what is there with it");
            return 0;
        }
        awaitResealed(dataDir, running, primary);
        if (disableOld) {
            terminal.line("disabled " + rotate.disableOld() + " old keys");
        }
        return 0;
    }

    private int oneStep(RotateKeyset rotate) {
        switch (String.valueOf(step)) {
            case "add" -> terminal.line("added key " + rotate.add() + "; promote it once every service has the file");
            case "promote" ->
                terminal.line("key " + rotate.promote()
                        + " seals once the services have the file; GET /v1/credential-keys tells when the old ones are"
                        + " not needed any more");
            case "disable-old" -> terminal.line("disabled " + rotate.disableOld() + " old keys");
            default -> throw new UserError("--step is unknown: use add, promote or disable-old");
        }
        return 0;
    }

    private void awaitResealed(DataDir dataDir, Optional<Endpoints> running, int primary) throws InterruptedException {
        String token = new Tokens(dataDir, Clock.systemUTC()).mint("operator", true);
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        try (var api = new ApiClient(running.orElseThrow().api(), token)) {
            var keys = api.credentialKeys();
            while (!keys.isPrimary(primary) || keys.old() > 0) {
                if (System.nanoTime() - giveUpAtNanos > 0) {
                    throw new UserError(keys.old() + " secrets still need an old key: see the log, and try again");
                }
                Thread.sleep(POLL);
                keys = api.credentialKeys();
            }
        }
        terminal.line("no secret needs an old key any more");
    }
}
