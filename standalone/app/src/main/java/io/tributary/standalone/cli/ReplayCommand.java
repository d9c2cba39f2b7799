package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.UserError;
import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.api.Replay;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Replays outputs or tasks of the running instance and follows how far that is, or drives its dead letters again. When
 * it is stopped, the replay goes on.
 */
@Command(
        name = "replay",
        description =
                "Read a topic again, or redrive dead letters, on the `up` that runs on the data folder. outputs: write"
                        + " the outputs to the content table again, or with --schema to a second one. tasks: run tasks"
                        + " again. dead-letters: redrive them. cancel ID: end a replay.")
final class ReplayCommand extends DataCommand {

    private static final Duration POLL = Duration.ofMillis(250);

    @Parameters(index = "0", paramLabel = "<what>", description = "outputs, tasks, dead-letters or cancel.")
    private String what = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The replay to cancel.")
    private @Nullable String id;

    @Option(names = "--account", paramLabel = "ID", description = "Of one user integration only.")
    private @Nullable String account;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Records of that time and later, RFC 3339. Default: all that the topic has.")
    private @Nullable String from;

    @Option(names = "--from-offset", paramLabel = "N", description = "Records from that offset of each partition on.")
    private @Nullable Long fromOffset;

    @Option(names = "--task-type", paramLabel = "T", description = "Tasks of that type instead of initial ones.")
    private @Nullable String taskType;

    @Option(
            names = "--schema",
            paramLabel = "NAME",
            description = "Rebuild content in that schema and leave the live one alone.")
    private @Nullable String schema;

    @Option(names = "--fingerprint", paramLabel = "F", description = "Dead letters of that cause.")
    private @Nullable String fingerprint;

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    ReplayCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        var running = Endpoints.ofRunning(dataDir)
                .orElseThrow(
                        () -> new UserError("nothing runs on " + dataDir.path() + ": start it with ./tributary up"));
        String token = new Tokens(dataDir, Clock.systemUTC()).mint("operator", true);
        try (var api = new ApiClient(running.api(), token)) {
            return switch (what) {
                case "outputs", "tasks" ->
                    follow(api, api.replay(new Replay.Request(what, account, taskType, from, fromOffset, schema)));
                case "dead-letters" -> redrive(api);
                case "cancel" -> cancel(api);
                default -> throw new UserError("'" + what + "' is unknown: use outputs, tasks, dead-letters or cancel");
            };
        }
    }

    private int follow(ApiClient api, Replay asked) throws InterruptedException {
        terminal.title("Replaying " + what + "  " + asked.id());
        String shown = "";
        Replay replay = asked;
        while (true) {
            String line = line(replay);
            if (terminal.isLive()) {
                terminal.draw(List.of(line));
            } else if (!line.equals(shown) && (!replay.isLive() || shown.isEmpty())) {
                terminal.line(line);
            }
            shown = line;
            if (!replay.isLive()) {
                return replay.hasSucceeded() ? 0 : 1;
            }
            Thread.sleep(POLL);
            replay = api.replay(replay.id());
        }
    }

    private static String line(Replay replay) {
        var records = replay.records();
        var results = replay.results();
        long percent = records.total() == 0 ? (replay.isLive() ? 0 : 100) : 100 * records.read() / records.total();
        String came = replay.kind().equals("tasks")
                ? results.tasksQueued() + " tasks queued"
                : "%d rows new, %d changed, %d as they were"
                        .formatted(results.rowsInserted(), results.rowsUpdated(), results.rowsUnchanged());
        Long eta = replay.etaSeconds();
        String ending =
                replay.isLive() ? (eta == null ? "" : "%d:%02d left".formatted(eta / 60, eta % 60)) : replay.status();
        return "  %3d %%  %s, %d skipped  %s".formatted(percent, came, results.skipped(), ending);
    }

    private int redrive(ApiClient api) throws InterruptedException {
        Map<String, Object> which = new HashMap<>();
        if (fingerprint != null) {
            which.put("fingerprint", fingerprint);
        }
        if (account != null) {
            which.put("userIntegrationId", account);
        }
        if (all) {
            which.put("all", true);
        }
        var redriven = api.redrive(which);
        terminal.line(redriven.tasks() + " tasks queued in " + redriven.runIds().size() + " runs, " + redriven.outputs()
                + " outputs given to the sink");
        return 0;
    }

    private int cancel(ApiClient api) throws InterruptedException {
        if (id == null) {
            throw new UserError("which? ./tributary replay cancel ID");
        }
        terminal.line(line(api.cancelReplay(id)));
        return 0;
    }
}
