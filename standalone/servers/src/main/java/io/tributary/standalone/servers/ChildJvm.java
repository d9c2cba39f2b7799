package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A child JVM that ends with this one: its standard input is a pipe from here, and {@link EndWithParent} on its
 * side ends it when the pipe closes. It ignores Ctrl-C, so that this process decides the order in which things stop.
 */
record ChildJvm(String name, Path log, Process process) implements AutoCloseable {

    /** A small JVM that starts fast. */
    static final List<String> SMALL = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:MetaspaceSize=96m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int LOG_TAIL_CHARACTERS = 300;

    /**
     * What to run.
     *
     * @param name what messages call it
     * @param flags of the JVM
     * @param classPath of the program; {@link EndWithParent} must be on it
     * @param mainClass and its arguments
     */
    record Program(String name, List<String> flags, String classPath, List<String> mainClass) {}

    /** Starts the program with {@code folder} as its working folder; its output goes to {@code log}. */
    static ChildJvm start(Program program, Map<String, String> environment, Path folder, Path log) {
        // A shell that ignores SIGINT hands that on to the JVM it becomes; no other way leads there from Java.
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program.flags());
        command.addAll(List.of("-cp", program.classPath(), EndWithParent.class.getName()));
        command.addAll(program.mainClass());
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new ChildJvm(program.name(), log, builder.start());
        } catch (IOException e) {
            throw new ServerFailure(
                    Reason.START_FAILED, "cannot start the JVM of " + program.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns when {@code ready} says so.
     *
     * @throws ServerFailure when the program ended, or was not ready in time
     */
    void await(BooleanSupplier ready, Duration patience) {
        boolean over = Waiting.until(() -> !process.isAlive() || ready.getAsBoolean(), patience);
        if (!process.isAlive()) {
            throw failure("ended with exit code " + process.exitValue());
        }
        if (!over) {
            throw failure("was not ready after " + patience.toSeconds() + " s");
        }
    }

    /** Closes the pipe and waits until the program ended; kills it when it takes longer than 30 s. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is broken, so the program is ending already.
        }
        try {
            if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw ServerFailure.interrupted("stopping " + name, e);
        }
    }

    private ServerFailure failure(String what) {
        String tail = tail();
        Reason reason = tail.contains("No space left on device") ? Reason.DISK_FULL : Reason.START_FAILED;
        return new ServerFailure(reason, name + " " + what + ", see " + log + ": " + tail);
    }

    private String tail() {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
            return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARACTERS))
                    .replaceAll("\\s+", " ");
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }
}
