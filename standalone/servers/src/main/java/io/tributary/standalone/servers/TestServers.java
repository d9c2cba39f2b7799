package io.tributary.standalone.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One set of servers for all tests of a JVM, each started when it is first asked for, on a free port, with data in a
 * folder under {@code target/}. A shutdown hook stops them and deletes the folder.
 *
 * <p>Tests share them: each takes topics with a prefix, and a database, of its own. Safe to call from any thread; the
 * callers of a server that is starting wait for it.
 */
public final class TestServers {

    private static final Shared<KafkaServer> KAFKA = new Shared<>(() -> KafkaServer.start(folder("kafka"), 0));
    private static final Shared<PostgresServer> POSTGRES =
            new Shared<>(() -> PostgresServer.start(folder("postgres"), 0));
    private static final Shared<RegistryServer> REGISTRY =
            new Shared<>(() -> RegistryServer.start(folder("registry"), 0, postgres()));

    private TestServers() {}

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static KafkaServer kafka() {
        return KAFKA.get();
    }

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static PostgresServer postgres() {
        return POSTGRES.get();
    }

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static RegistryServer registry() {
        return REGISTRY.get();
    }

    private static Path folder(String server) {
        return Folder.PATH.resolve(server);
    }

    private static void stopAll() {
        try {
            REGISTRY.close();
            KAFKA.close();
            POSTGRES.close();
        } finally {
            Folder.delete();
        }
    }

    /** A server, started once. */
    private static final class Shared<S extends AutoCloseable> {

        private final Supplier<S> start;
        private @Nullable S server;

        Shared(Supplier<S> start) {
            this.start = start;
        }

        synchronized S get() {
            S running = server;
            if (running == null) {
                running = start.get();
                server = running;
            }
            return running;
        }

        synchronized void close() {
            if (server != null) {
                try {
                    server.close();
                } catch (Exception e) {
                    // The JVM is ending, and the others are still to be stopped.
                    System.err.println("a test server did not stop: " + e);
                }
            }
        }
    }

    /** The folder of this JVM's servers; made when first asked for, together with the hook that cleans up. */
    private static final class Folder {

        static final Path PATH = create();

        private static Path create() {
            try {
                Path path = Files.createTempDirectory(
                        Files.createDirectories(Path.of("target").toAbsolutePath()), "test-servers-");
                Runtime.getRuntime()
                        .addShutdownHook(
                                Thread.ofPlatform().name("stop-test-servers").unstarted(TestServers::stopAll));
                return path;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make a folder under target/", e);
            }
        }

        static void delete() {
            try {
                FileTree.delete(PATH);
            } catch (IOException e) {
                System.err.println("left behind under target/: " + e);
            }
        }
    }
}
