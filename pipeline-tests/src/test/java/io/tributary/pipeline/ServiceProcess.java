package io.tributary.pipeline;

import io.tributary.standalone.servers.EndWithParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A service's runnable jar in a JVM of its own, configured by environment variables alone. It ends with this JVM,
 * however that ends.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(30);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Process process;
    private final Path log;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a service as it was built, its jar taken apart.
     *
     * @param module its folder, such as {@code task-worker-service}
     * @param flags of the JVM, such as {@code -Xmx256m}; they win over those for a fast start that every service gets
     * @param log where its output is added to
     */
    public static ServiceProcess start(String module, List<String> flags, Map<String, String> environment, Path log) {
        ServiceJars.Jar jar = ServiceJars.of(module, environment);
        return start(
                jar.path(), Stream.concat(jar.flags().stream(), flags.stream()).toList(), environment, log);
    }

    /** Starts a jar that {@link #takeApart} returned. */
    public static ServiceProcess start(Path jar, List<String> flags, Map<String, String> environment, Path log) {
        var builder = new ProcessBuilder(command(jar, flags))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new ServiceProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + jar, e);
        }
    }

    /** Starts a jar that was taken apart, in a JVM that ends with this one. */
    static List<String> command(Path jar, List<String> flags) {
        var command = new ArrayList<String>();
        command.add(JAVA);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        // What "java -jar" runs, behind the main class that ends with its parent.
        command.addAll(List.of(
                "-cp", jar + ":" + codeOf(EndWithParent.class), EndWithParent.class.getName(), mainClassOf(jar)));
        return command;
    }

    /**
     * Takes a service's runnable jar apart, as an image of it should: its classes are then read from plain jars, and
     * can come from an ahead-of-time cache.
     *
     * @param folder where to; is made
     * @return the jar to start
     * @see <a href="https://docs.spring.io/spring-boot/reference/packaging/efficient.html">Efficient deployments</a>
     */
    public static Path takeApart(String module, Path folder) {
        Path jar = runnableJar(module);
        var command =
                List.of(JAVA, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", folder.toString());
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("cannot take " + jar + " apart: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take " + jar + " apart", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return folder.resolve(jar.getFileName());
    }

    /** A port that was free a moment ago. */
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mainClassOf(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    static Path runnableJar(String module) {
        Path target =
                Path.of(System.getProperty("tributary.home")).resolve(module).resolve("target");
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("no runnable jar in " + target + ": run ./mvnw package"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + target, e);
        }
    }

    private static Path codeOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** Signal 9: it gets to do nothing any more. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Signal STOP: it does nothing until {@link #resume}, and the kernel keeps its connections open. */
    void pause() {
        signal("-STOP");
    }

    /** Signal CONT. */
    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process as the operating system knows it: its id, and the CPU time it took. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it wrote so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop (signal 15) and waits until it has, for half a minute. */
    @Override
    public void close() {
        stop(STOP);
    }

    /**
     * Asks it to stop (signal 15) and waits until it has.
     *
     * @throws IllegalStateException it did not within that time; then it is killed
     */
    public void stop(Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience)) {
                kill();
                throw new IllegalStateException("did not stop within " + patience + ", log " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}
