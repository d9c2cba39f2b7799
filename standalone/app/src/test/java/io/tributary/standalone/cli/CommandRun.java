package io.tributary.standalone.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a command that was run in this JVM.
 *
 * @param errors what it said on standard error
 */
record CommandRun(int exitCode, String output, String errors) {

    private static final List<String> FREE_PORTS =
            List.of("--port", "0", "--kafka-port", "0", "--postgres-port", "0", "--registry-port", "0");

    /** Runs a command on a data folder, as {@code ./tributary} does, with its output going to a file. */
    static CommandRun of(Path dataDir, String... arguments) {
        return of(new Inputs(InputStream.nullInputStream(), _ -> null), dataDir, arguments);
    }

    /** The same with what it is given beside its arguments. */
    static CommandRun of(Inputs inputs, Path dataDir, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", dataDir.toString()));
        return of(inputs, all);
    }

    /** Runs a command that has no data folder. */
    static CommandRun plain(String... arguments) {
        return of(new Inputs(InputStream.nullInputStream(), _ -> null), List.of(arguments));
    }

    private static CommandRun of(Inputs inputs, List<String> arguments) {
        var output = new ByteArrayOutputStream();
        var errors = new StringWriter();
        var terminal = Terminal.plain(new PrintStream(output, true, StandardCharsets.UTF_8));
        int exitCode = Main.commandLine(terminal, inputs)
                .setErr(new PrintWriter(errors, true))
                .execute(arguments.toArray(String[]::new));
        return new CommandRun(exitCode, output.toString(StandardCharsets.UTF_8), errors.toString());
    }

    /** The same on free ports, for commands that have them. */
    static CommandRun onFreePorts(Path dataDir, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(FREE_PORTS);
        return of(dataDir, all.toArray(String[]::new));
    }
}
