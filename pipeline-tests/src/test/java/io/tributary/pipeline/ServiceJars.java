package io.tributary.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * The services' runnable jars as tests start them: taken apart, as in an image, with an ahead-of-time cache of their
 * classes. Both are made at the first start of a service after it was built, for all JVMs of tests. Each further start
 * needs a third of the CPU time.
 */
final class ServiceJars {

    private static final Duration TRAINING = Duration.ofMinutes(5);

    private static final Map<String, Jar> KNOWN = new ConcurrentHashMap<>();

    private ServiceJars() {}

    /**
     * What to start.
     *
     * @param flags of the JVM, for the cache
     */
    record Jar(Path path, List<String> flags) {}

    /** @param environment with which the service starts, and with which it is trained */
    static Jar of(String module, Map<String, String> environment) {
        return KNOWN.computeIfAbsent(module, _ -> prepared(module, environment));
    }

    private static Jar prepared(String module, Map<String, String> environment) {
        Path runnable = ServiceProcess.runnableJar(module);
        try {
            Path all = Files.createDirectories(
                    Path.of(System.getProperty("tributary.home"), "pipeline-tests", "target", "services"));
            Path folder = all.resolve(module + "-" + checksum(runnable));
            // Another JVM of tests may do the same.
            try (var channel = FileChannel.open(
                            all.resolve(module + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                Path jar = folder.resolve(runnable.getFileName());
                if (!Files.exists(folder)) {
                    Path unfinished = folder.resolveSibling(module + "-unfinished-" + System.nanoTime());
                    ServiceProcess.takeApart(module, unfinished);
                    Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
                }
                Path cache = folder.resolve("classes.aot");
                if (!Files.exists(cache)) {
                    train(jar, environment, cache);
                }
                return new Jar(
                        jar,
                        Files.exists(cache)
                                ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")
                                : List.of());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + runnable, e);
        }
    }

    /** Starts the service until its context is there. If this makes no cache, the service starts without one. */
    private static void train(Path jar, Map<String, String> environment, Path cache) throws IOException {
        Path unfinished = cache.resolveSibling("classes-" + System.nanoTime() + ".aot");
        var builder = new ProcessBuilder(ServiceProcess.command(
                        jar,
                        List.of("-Xmx384m", "-XX:AOTCacheOutput=" + unfinished, "-Dspring.context.exit=onRefresh")))
                .redirectErrorStream(true)
                .redirectOutput(cache.resolveSibling("training.log").toFile());
        var its = new HashMap<>(environment);
        // A state of its own: that of the service is not touched.
        its.put(
                "TRIBUTARY_WORKER_STATE_DIRECTORY",
                cache.resolveSibling("state").toString());
        builder.environment().putAll(its);
        Process process = builder.start();
        try {
            if (process.waitFor(TRAINING) && process.exitValue() == 0 && Files.exists(unfinished)) {
                Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
            } else {
                process.destroyForcibly();
                Files.deleteIfExists(unfinished);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String checksum(Path file) throws IOException {
        var checksum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
        return HexFormat.of().toHexDigits(checksum.getValue(), 8);
    }
}
