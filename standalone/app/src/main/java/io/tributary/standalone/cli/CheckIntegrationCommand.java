package io.tributary.standalone.cli;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.recording.Redaction;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.integration.CheckManifest;
import io.tributary.standalone.integration.ChosenPlugin;
import io.tributary.standalone.integration.Failure;
import io.tributary.standalone.integration.IdentifyAccount;
import io.tributary.worker.plugins.Plugin;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Loads an integration and shows what is wrong with it, with a config, and with credentials. */
@Command(name = "check", description = "Load an integration, and try a config and credentials.")
final class CheckIntegrationCommand extends DataCommand {

    @Parameters(
            paramLabel = "<integration>",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "A YAML file, a folder such as ./shop, or a domain.")
    private String integration = "";

    @Mixin
    private final AccountOptions options;

    CheckIntegrationCommand(Terminal terminal, Inputs inputs) {
        super(terminal);
        this.options = new AccountOptions(inputs, false);
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        var account = options.account();
        try (var chosen = ChosenPlugin.of(integration, dataDir)) {
            return check(chosen, account) ? 0 : 1;
        }
    }

    private boolean check(ChosenPlugin chosen, LocalAccount account) throws InterruptedException {
        if (chosen.plugin() == null) {
            return problems("could not be loaded (polling.integrationLoadFailed)", chosen.problems());
        }
        Plugin plugin = chosen.loaded();
        showManifest(
                plugin.manifest(), chosen.plugins().originOf(plugin.manifest().domain()));
        var check = CheckManifest.of(plugin);
        if (check.problem().isPresent()) {
            return problems(
                    "is refused by the scheduler", List.of(check.problem().get()));
        }
        if (!chosen.problems().isEmpty()) {
            problems("was loaded, with others that were not", chosen.problems());
        }
        boolean tries = options.hasConfig() || !account.credentials().isEmpty();
        return !tries || tryAccount(plugin, check, account);
    }

    private boolean problems(String what, List<String> problems) {
        terminal.line(terminal.bad(integration + " " + what));
        problems.forEach(problem -> terminal.line("  " + Text.printable(problem)));
        return false;
    }

    private void showManifest(Manifest manifest, String origin) {
        terminal.line(terminal.strong(manifest.displayName()));
        entry("domain", manifest.domain());
        entry("version", manifest.version());
        entry("from", origin);
        entry("auth", ListIntegrationsCommand.auth(manifest));
        manifest.syncTypes()
                .forEach(type -> entry(
                        "sync type",
                        type.name() + ", begins with " + type.initialTask() + ", every "
                                + type.interval().toSeconds() + " s"));
        entry(
                "tasks",
                manifest.taskTypes().stream().map(Manifest.TaskType::name).collect(Collectors.joining(", ")));
        var limits = manifest.limits();
        entry(
                "limits",
                limits.concurrency() + " tasks at a time, " + limits.attempts() + " attempts, "
                        + limits.taskTimeout().toSeconds() + " s each"
                        + (Double.isFinite(limits.requestsPerSecond())
                                ? ", %.3g tasks a second".formatted(limits.requestsPerSecond())
                                : ""));
    }

    private boolean tryAccount(Plugin plugin, CheckManifest check, LocalAccount account) throws InterruptedException {
        var redaction = Redaction.of(account.credentials());
        List<String> wrong = check.problemsOf(account.config());
        if (!wrong.isEmpty()) {
            return problems(
                    "does not take the config",
                    wrong.stream().map(redaction::text).toList());
        }
        entry("config", "matches the schema");
        if (!plugin.manifest().auth().isEmpty() && account.credentials().isEmpty()) {
            entry("account", "not asked for: give credentials, --credentials-stdin");
            return true;
        }
        return connect(plugin, account, redaction);
    }

    private boolean connect(Plugin plugin, LocalAccount account, Redaction redaction) throws InterruptedException {
        if (!plugin.connects()) {
            entry("account", "the integration does not say whose it is");
            return true;
        }
        try {
            show(IdentifyAccount.of(plugin, account), redaction);
            return true;
        } catch (TaskFailure failure) {
            return refused(Failure.of(failure), redaction);
        }
    }

    private void show(Account account, Redaction redaction) {
        String name = account.displayName() == null ? "unknown" : account.displayName();
        String id = account.id() == null ? "" : ", id " + account.id();
        entry("account", redaction.text(name + id));
        if (!account.settings().isEmpty()) {
            entry("settings", redaction.text(account.settings().toJson()));
        }
    }

    private boolean refused(Failure failure, Redaction redaction) {
        terminal.line(terminal.bad("  " + failure.kind() + " " + Text.printable(redaction.text(failure.code()))));
        terminal.line("  " + Text.printable(redaction.text(failure.message())));
        terminal.line("  " + failure.consequence());
        return false;
    }

    private void entry(String name, String value) {
        terminal.line("  " + terminal.faint(Text.pad(name, 10)) + Text.printable(value));
    }
}
