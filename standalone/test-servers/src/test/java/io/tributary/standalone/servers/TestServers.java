package io.tributary.standalone.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One set of servers for all tests of a JVM, each started when it is first asked for, on a free port: as containers
 * where a Docker API answers, otherwise the embedded servers, with data in a folder under {@code target/}. A shutdown
 * hook stops them and deletes the folder.
 *
 * <p>The system property {@value #PROPERTY} forces one of them: {@code docker} or {@code embedded}.
 *
 * <p>Tests share them: each takes topics with a prefix, and a database, of its own. Safe to call from any thread; the
 * callers of a server that is starting wait for it.
 */
public final class TestServers {

    /** {@code docker}, {@code embedded}, or not set: Docker where it answers. */
    public static final String PROPERTY = "tributary.test-servers";

    private static final Shared<Kafka> KAFKA = new Shared<>(() -> {
        if (Where.DOCKER) {
            return DockerServers.kafka();
        }
        var server = KafkaServer.start(folder("kafka"), 0);
        return new Kafka(server.bootstrapServers(), server);
    });
    private static final Shared<Database> POSTGRES = new Shared<>(() -> {
        if (Where.DOCKER) {
            return DockerServers.postgres();
        }
        var server = PostgresServer.start(folder("postgres"), 0);
        return new Database(server, server);
    });
    private static final Shared<Registry> REGISTRY = new Shared<>(() -> {
        if (Where.DOCKER) {
            return DockerServers.registry();
        }
        var server = RegistryServer.start(folder("registry"), 0, postgres());
        return new Registry(server.url(), server);
    });

    private TestServers() {}

    /** A broker. */
    public record Kafka(String bootstrapServers, AutoCloseable server) implements Running {}

    /** A schema registry, by the base of its Confluent API. */
    public record Registry(String url, AutoCloseable server) implements Running {}

    record Database(PostgresAdmin postgres, AutoCloseable server) implements Running {}

    interface Running {
        AutoCloseable server();
    }

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static Kafka kafka() {
        return KAFKA.get();
    }

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static PostgresAdmin postgres() {
        return POSTGRES.get().postgres();
    }

    /** @throws ServerFailure when it cannot start; the next call tries again */
    public static Registry registry() {
        return REGISTRY.get();
    }

    /** Decided once, when a server is first asked for. */
    private static final class Where {
        static final boolean DOCKER = isDocker(System.getProperty(PROPERTY, ""));
    }

    /** Whether the servers are containers, by the value of the property. */
    static boolean isDocker(String wanted) {
        return switch (wanted) {
            case "embedded" -> false;
            case "docker" -> true;
            case "" -> DockerServers.canRun();
            default -> throw new IllegalArgumentException(PROPERTY + " is neither docker nor embedded: " + wanted);
        };
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
    private static final class Shared<S extends Running> {

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
                    server.server().close();
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
