package io.tributary.standalone.cli;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.integration.CheckManifest;
import io.tributary.worker.codec.Json;
import io.tributary.worker.plugins.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/** Which tasks of which integration are executed, for whom and when: the same for run, record and replay. */
final class TaskOptions {

    @Parameters(
            paramLabel = "<integration>",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "A YAML file, a folder such as ./shop (a plugin folder, or the project that builds one), or a"
                    + " domain.")
    private String integration = "";

    @Mixin
    private final AccountOptions account;

    @Option(
            names = "--sync-type",
            paramLabel = "T",
            description = "The sync type whose initial task is executed. Default: the first one.")
    private @Nullable String syncType;

    @Option(names = "--task", paramLabel = "TYPE", description = "A task of that type instead of the initial one.")
    private @Nullable String taskType;

    @Option(names = "--payload", paramLabel = "JSON|@FILE", description = "The payload of the task.")
    private String payload = "{}";

    @Option(names = "--state", paramLabel = "JSON|@FILE", description = "The sync state that it starts from.")
    private String state = "{}";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The time that the integration sees; it stands still then.")
    private @Nullable String at;

    @Option(
            names = "--start-date",
            paramLabel = "D",
            description = "Only items from then on: a date or a time, RFC 3339.")
    private @Nullable String startDate;

    @Option(names = "--end-date", paramLabel = "D", description = "Only items before then.")
    private @Nullable String endDate;

    @Option(names = "--force", description = "Read everything again, whatever the state says.")
    private boolean force;

    @Option(names = "--all", description = "Execute the follow-up tasks as well.")
    private boolean all;

    @Option(names = "--max-tasks", paramLabel = "N", description = "How many tasks at most, with --all.")
    private int maxTasks = 100;

    @Option(names = "--json", description = "Show everything as JSON, with the content of the outputs.")
    private boolean json;

    TaskOptions(Inputs inputs) {
        this.account = new AccountOptions(inputs, false);
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

    /** The sync state to begin with. */
    JsonObject state() {
        return object("--state", state);
    }

    /** How many tasks are executed. */
    int maxTasks() {
        if (maxTasks < 1) {
            throw new UsageError("--max-tasks is " + maxTasks + "; it must be 1 and up");
        }
        return all ? maxTasks : 1;
    }

    Options options() {
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
        JsonObject worksOn = object("--payload", payload);
        String domain = plugin.manifest().domain();
        if (syncType != null && plugin.syncType(syncType).isEmpty()) {
            throw new UsageError(domain + " has no sync type " + syncType + "; it has "
                    + plugin.manifest().syncTypes().stream()
                            .map(type -> type.name())
                            .toList());
        }
        String type = taskType != null
                ? taskType
                : plugin.initialTask(syncType == null ? "" : syncType)
                        .orElseThrow(() ->
                                new UsageError(domain + " syncs nothing: name one of its actions as the task type"));
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

    /** A JSON object, or {@code @} and the name of a file that holds one. */
    private static JsonObject object(String option, String text) {
        try {
            return Json.readObject(text.startsWith("@") ? Files.readString(Path.of(text.substring(1))) : text);
        } catch (JacksonException e) {
            throw new UsageError(option + " is no JSON object", e);
        } catch (IOException e) {
            throw new UsageError(option + ": cannot read the file " + text.substring(1), e);
        }
    }
}
