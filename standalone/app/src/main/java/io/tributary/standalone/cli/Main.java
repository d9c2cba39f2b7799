package io.tributary.standalone.cli;

import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.standalone.api.ApiFailure;
import io.tributary.standalone.servers.ServerFailure;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where {@code ./tributary} begins on the Java side. Exit codes: 0 done, 1 failed, 2 misused, 130 interrupted. */
@Command(
        name = "tributary",
        header = "Tributary: background sync, from connected accounts into Postgres.%n",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  JAVA_HOME              A JDK 25. Without it the script looks on the PATH and in the usual places.",
            "  TRIBUTARY_DATA_DIR     The default of --data-dir.",
            "  TRIBUTARY_PORT, TRIBUTARY_EDGE_PORT, TRIBUTARY_KAFKA_PORT, TRIBUTARY_POSTGRES_PORT,",
            "  TRIBUTARY_REGISTRY_PORT",
            "                         The defaults of --port, --edge-port, --kafka-port, --postgres-port and",
            "                         --registry-port.",
            "  TRIBUTARY_PASSWORD, TRIBUTARY_CREDENTIALS",
            "                         Secrets of an account that is synced or tried; they are never arguments.",
            "  TRIBUTARY_JAVA_OPTS    Further options of the JVM, such as -Xmx2g.",
            "  TRIBUTARY_AOT          off: a start after a build does not prepare faster ones in the background.",
            "  NO_COLOR               Set to anything: no colours.",
            "",
            "Examples:",
            "  ./tributary demo --exit",
            "  ./tributary sync imap --host imap.example.com --username me@example.com --folder INBOX",
            "  ./tributary integration run hello-world --all --config count=3",
            "  ./tributary integration certify my-shop/my-shop.yaml",
            "  curl -H \"Authorization: Bearer $(./tributary token)\" http://127.0.0.1:18080/v1/sync-runs",
            "  source <(./tributary completion)",
            "",
            "./tributary COMMAND --help shows the options of a command."
        })
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int INTERRUPTED = 130;

    private static final Map<String, String> EXIT_CODES = new TreeMap<>(Map.of(
            "0", "Done. Of the commands that sync or execute tasks: all of it succeeded.",
            "1", "Failed, or a task, a check or a proof did.",
            "2", "The command was misused."));

    private Main() {}

    public static void main(String[] arguments) {
        var commandLine = commandLine(Terminal.ofProcess());
        System.exit(UntilSignal.run(() -> commandLine.execute(arguments)));
    }

    /** All commands, showing what they do on {@code terminal}. A failure is one line on standard error. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, Inputs.ofProcess());
    }

    /** The same with other inputs than those of the process. */
    static CommandLine commandLine(Terminal terminal, Inputs inputs) {
        var all = new CommandLine(new Main())
                .addSubcommand(new UpCommand(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(SyncCommand.with(terminal, inputs))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new RotateKeysCommand(terminal))
                .addSubcommand(integration(terminal, inputs))
                .addSubcommand(new TokenCommand(terminal))
                .addSubcommand(new OfScript.Test())
                .addSubcommand(new OfScript.Bench())
                .addSubcommand(new OfScript.Images())
                .addSubcommand("completion", new GenerateCompletion())
                .addSubcommand(new HelpCommand());
        describe(all, terminal);
        return all.setExpandAtFiles(false) // @FILE is the value of an option here, not more arguments
                .setParameterExceptionHandler(Main::explainMisuse)
                .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command));
    }

    private static CommandLine integration(Terminal terminal, Inputs inputs) {
        return new CommandLine(new Integrations())
                .addSubcommand(new ListIntegrationsCommand(terminal))
                .addSubcommand(new NewIntegrationCommand(terminal))
                .addSubcommand(new CheckIntegrationCommand(terminal, inputs))
                .addSubcommand(new CertifyIntegrationCommand(terminal))
                .addSubcommand(new RunTasksCommand(terminal, inputs))
                .addSubcommand(new RecordTasksCommand(terminal, inputs))
                .addSubcommand(new ReplayTasksCommand(terminal, inputs));
    }

    @Command(name = "integration", description = "For authors of integrations: each step is a command of its own.")
    private static final class Integrations {}

    /** Commands that the script runs without this class. They are here for the help alone. */
    private static final class OfScript {

        @Command(name = "test", description = "Build everything and run all tests, as CI does. Takes options of Maven.")
        private static final class Test {}

        @Command(
                name = "bench",
                description = "Measure the whole pipeline, or with worker, sink or scheduler one service."
                        + " `bench --help` and `bench worker --help` show the options.")
        private static final class Bench {}

        @Command(
                name = "images",
                description = "Build the container images of the services. `images --help` shows the options.")
        private static final class Images {}
    }

    /** Gives every command its help. */
    private static void describe(CommandLine command, Terminal terminal) {
        if (command.getCommandSpec().findOption("--help") == null) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Show this help.")
                            .build());
        }
        command.setUsageHelpWidth(Math.max(Terminal.COLUMNS, terminal.columns()) + 20);
        command.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.hasColours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        command.getCommandSpec()
                .usageMessage()
                .showDefaultValues(true)
                .abbreviateSynopsis(true)
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nOptions:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        command.getSubcommands().values().forEach(each -> describe(each, terminal));
    }

    /** The script as the person called it, so that the next command can be copied. */
    static String script() {
        return System.getProperty("tributary.script", "./tributary");
    }

    private static int explainMisuse(ParameterException failure, String[] arguments) {
        String suggestion = failure instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?"
                : "";
        return misused(failure.getCommandLine(), failure.getMessage() + suggestion);
    }

    private static int misused(CommandLine command, String message) {
        String name = command.getCommandSpec().qualifiedName(" ").replaceFirst("^tributary", "");
        complain(command, message + "; see " + script() + name + " --help");
        return MISUSED;
    }

    private static int explain(Exception failure, CommandLine command) {
        switch (failure) {
            case InterruptedException _ -> {
                return INTERRUPTED;
            }
            case UsageError _ -> {
                return misused(command, String.valueOf(failure.getMessage()));
            }
            case UserError _, ServerFailure _, ApiFailure _ -> complain(command, String.valueOf(failure.getMessage()));
            default -> {
                LoggerFactory.getLogger(Main.class).error("standalone.commandFailed", failure);
                complain(command, oneLine(failure));
            }
        }
        return FAILED;
    }

    private static String oneLine(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (String.valueOf(root.getMessage()).contains("No space left on device")) {
            return "the disk is full: free some space, or choose another folder with --data-dir";
        }
        return "something went wrong: " + root + "; see " + System.getProperty("tributary.log", "the output above");
    }

    private static void complain(CommandLine command, String message) {
        command.getErr().println("tributary: " + message.replace('\n', ' '));
    }
}
