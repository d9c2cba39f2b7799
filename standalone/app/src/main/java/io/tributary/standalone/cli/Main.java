package io.tributary.standalone.cli;

import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.standalone.api.ApiFailure;
import io.tributary.standalone.servers.ServerFailure;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Where {@code ./tributary} begins on the Java side. Exit codes: 0 done, 1 failed, 2 misused, 130 told to stop. */
@Command(name = "tributary")
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int TOLD_TO_STOP = 130;

    private Main() {}

    public static void main(String[] arguments) {
        var commandLine = commandLine(Terminal.ofProcess());
        System.exit(UntilSignal.run(() -> commandLine.execute(arguments)));
    }

    /** All commands, showing what they do on {@code terminal}. What goes wrong is one line on standard error. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, Inputs.ofProcess());
    }

    /** The same with what a command is given beside its arguments. */
    static CommandLine commandLine(Terminal terminal, Inputs inputs) {
        return new CommandLine(new Main())
                .addSubcommand(new UpCommand(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new SyncCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new RotateKeysCommand(terminal))
                .addSubcommand(new TokenCommand(terminal))
                .addSubcommand(IntegrationCommand.with(terminal, inputs))
                .setExpandAtFiles(false) // @FILE is the value of an option here, not more arguments
                .setParameterExceptionHandler(Main::explainMisuse)
                .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command));
    }

    private static int explainMisuse(ParameterException failure, String[] arguments) {
        complain(failure.getCommandLine(), failure.getMessage() + "; see " + Script.name() + " help");
        return MISUSED;
    }

    private static int explain(Exception failure, CommandLine command) {
        switch (failure) {
            case InterruptedException _ -> {
                return TOLD_TO_STOP;
            }
            case UsageError _ -> {
                complain(command, failure.getMessage() + "; see " + Script.name() + " help");
                return MISUSED;
            }
            case UserError _, ServerFailure _, ApiFailure _ -> complain(command, String.valueOf(failure.getMessage()));
            default -> {
                LoggerFactory.getLogger(Main.class).error("command failed", failure);
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
