package io.tributary.standalone.cli;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.integration.CheckManifest;
import io.tributary.standalone.integration.FollowTasks;
import io.tributary.standalone.integration.LocalAccount;
import io.tributary.worker.plugins.Plugin;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which tasks of which integration are executed, for whom and when: the same for run, record and replay. */
final class TaskOptions {

    @Parameters(paramLabel = "<integration>", description = "a YAML file, a folder such as ./shop, or a domain")
    private String integration = "";

    @Mixin
    private final AccountOptions account;

    @Option(names = "--sync-type", paramLabel = "T", description = "whose initial task is executed")
    private @Nullable String syncType;

    @Option(names = "--task", paramLabel = "TYPE", description = "a task of that type instead of the initial one")
    private @Nullable String taskType;

    @Option(names = "--payload", paramLabel = "JSON|@FILE", description = "what the task works on")
    private String payload = "{}";

    @Option(names = "--state", paramLabel = "JSON|@FILE", description = "the sync state it starts from")
    private String state = "{}";

    @Option(names = "--at", paramLabel = "TIME", description = "what the integration takes for the time")
    private @Nullable String at;

    @Option(names = "--start-date", paramLabel = "D", description = "only items from then on")
    private @Nullable String startDate;

    @Option(names = "--end-date", paramLabel = "D", description = "only items before then")
    private @Nullable String endDate;

    @Option(names = "--force", description = "read everything again")
    private boolean force;

    @Option(names = "--all", description = "execute the follow-up tasks as well")
    private boolean all;

    @Option(names = "--max-tasks", paramLabel = "N", description = "how many tasks at most, with --all")
    private int maxTasks = 100;

    @Option(names = "--json", description = "show the result as JSON")
    private boolean json;

    TaskOptions(Inputs inputs) {
        this.account = new AccountOptions(inputs);
    }

    String integration() {
        return integration;
    }

    LocalAccount account() {
        return account.account();
    }

    boolean json() {
        return json;
    }

    /** The time that was asked for. */
    Optional<Instant> at() {
        return Optional.ofNullable(at).map(time -> time("--at", time));
    }

    FollowTasks.Run run(Clock clock) {
        if (maxTasks < 1) {
            throw new UsageError("--max-tasks is " + maxTasks + "; it must be 1 and up");
        }
        return new FollowTasks.Run(JsonValue.object("--state", state), options(), clock, all ? maxTasks : 1);
    }

    private Options options() {
        try {
            return new Options(
                    startDate == null ? null : time("--start-date", startDate),
                    endDate == null ? null : time("--end-date", endDate),
                    force);
        } catch (IllegalArgumentException e) {
            throw new UsageError(String.valueOf(e.getMessage()), e);
        }
    }

    /** A time, or a date, which begins at midnight in UTC. */
    private static Instant time(String option, String text) {
        try {
            return text.length() == "2026-03-01".length()
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UsageError(
                    option + " is '" + text + "'; it must be a time such as 2026-03-01T12:00:00Z or a date", e);
        }
    }

    /** The task to begin with. */
    FollowUp first(Plugin plugin) {
        JsonObject worksOn = JsonValue.object("--payload", payload);
        String domain = plugin.manifest().domain();
        if (syncType != null && plugin.syncType(syncType).isEmpty()) {
            throw new UsageError(domain + " has no sync type " + syncType + "; it has "
                    + plugin.manifest().syncTypes().stream()
                            .map(type -> type.name())
                            .toList());
        }
        String type = taskType != null ? taskType : plugin.initialTask(syncType == null ? "" : syncType);
        if (plugin.taskType(type).isEmpty()) {
            throw new UsageError("polling.invalidTaskType: " + domain + " has no task type " + type + "; it has "
                    + plugin.taskTypeNames().stream().sorted().toList());
        }
        return new FollowUp(type, worksOn);
    }

    /** The engine would not connect an account with such a config. */
    static void requireConfig(Plugin plugin, LocalAccount account) {
        List<String> wrong = CheckManifest.of(plugin).problemsOf(account.config());
        if (!wrong.isEmpty()) {
            throw new UsageError("the config does not match the schema: " + String.join("; ", wrong));
        }
    }
}
