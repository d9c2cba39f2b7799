package io.tributary.standalone.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The test servers as containers, of the versions that the embedded default has. Docker Desktop, dockerd and podman do;
 * whichever, its socket is where it usually is or where {@code DOCKER_HOST} says.
 */
final class DockerServers {

    private static final String KAFKA = "apache/kafka:4.2.2";
    private static final String POSTGRES = "postgres:18";
    private static final String REGISTRY = "apicurio/apicurio-registry:3.3.3";
    private static final int REGISTRY_PORT = 8080;

    /** What the embedded broker has as well: topics are made on purpose, transactions of dead clients end soon. */
    private static final Map<String, String> BROKER = Map.of(
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
            "KAFKA_MESSAGE_MAX_BYTES", Integer.toString(KafkaServer.MAX_MESSAGE_BYTES),
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4",
            "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4",
            "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");

    private DockerServers() {}

    /**
     * Whether a Docker API answers. Looks for a socket first: without one, Testcontainers would log a page of errors.
     */
    static boolean canRun() {
        return (System.getenv("DOCKER_HOST") != null || sockets().anyMatch(Files::exists))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    private static Stream<Path> sockets() {
        return Stream.of(
                Path.of("/var/run/docker.sock"),
                runtime("docker.sock"),
                Path.of(System.getProperty("user.home"), ".docker/run/docker.sock"),
                PodmanSocket.path());
    }

    /** A file of the user's own daemons. */
    static Path runtime(String name) {
        String folder = System.getenv("XDG_RUNTIME_DIR");
        return Path.of(folder == null ? "/run" : folder, name);
    }

    @SuppressWarnings("resource") // the caller closes it
    static TestServers.Kafka kafka() {
        var container = new KafkaContainer(KAFKA).withEnv(BROKER);
        container.start();
        return new TestServers.Kafka(container.getBootstrapServers(), container);
    }

    @SuppressWarnings("resource") // the caller closes it
    static TestServers.Database postgres() {
        var container =
                new PostgreSQLContainer(POSTGRES).withUsername("postgres").withPassword("postgres");
        container.setCommand("postgres", "-c", "max_connections=100");
        container.start();
        var postgres = new PostgresAdmin(
                container.getHost(), container.getMappedPort(5432), container.getUsername(), container.getPassword());
        return new TestServers.Database(postgres, container);
    }

    /** With its state in memory: it goes with the tests. */
    @SuppressWarnings("resource") // the caller closes it
    static TestServers.Registry registry() {
        var container = new GenericContainer<>(REGISTRY)
                .withExposedPorts(REGISTRY_PORT)
                .withEnv("APICURIO_STORAGE_KIND", "sql")
                .withEnv("APICURIO_STORAGE_SQL_KIND", "h2")
                .waitingFor(Wait.forHttp("/apis/ccompat/v7/subjects").forPort(REGISTRY_PORT));
        container.start();
        try (var api =
                new RegistryApi("http://" + container.getHost() + ":" + container.getMappedPort(REGISTRY_PORT))) {
            api.refuseIncompatibleSchemas();
            return new TestServers.Registry(api.url(), container);
        }
    }
}
