package io.tributary.standalone.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;

/**
 * A Kafka broker in a JVM of its own, which can be killed without killing this one. It ends with this JVM.
 *
 * <p>Its class path is this JVM's, its log is {@code broker.log} in its folder.
 */
public final class KafkaServerProcess implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    private final ChildJvm child;
    private final int port;

    private KafkaServerProcess(ChildJvm child, int port) {
        this.child = child;
        this.port = port;
    }

    /** Runs a broker in this JVM until it is ended. Arguments: the data folder and the node. */
    public static void main(String[] arguments) {
        var node = KafkaNode.parse(Arrays.asList(arguments).subList(1, arguments.length));
        var server = KafkaServer.start(Path.of(arguments[0]), node);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
    }

    /**
     * Starts a broker and returns when it serves clients.
     *
     * @param folder where its data lives; made when missing
     * @param port loopback port of its clients; 0: a free one
     * @throws ServerFailure the port is in use, or the broker did not start within 60 s
     */
    public static KafkaServerProcess start(Path folder, int port) {
        var random = ThreadLocalRandom.current();
        int clientPort = Ports.claim(port, "Kafka", random);
        var server = launch(folder, KafkaNode.alone(clientPort, Ports.claim(0, "Kafka", random)));
        try {
            server.awaitServing();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Starts the JVM of a broker and returns at once. */
    static KafkaServerProcess launch(Path folder, KafkaNode node) {
        Path log;
        try (var data = DataFolder.open(folder, DataFolder.ROOM_BYTES)) {
            log = data.path().resolve("broker.log"); // released again: the broker takes the folder itself
        }
        var arguments = new ArrayList<String>();
        arguments.add(KafkaServerProcess.class.getName());
        arguments.add(folder.toAbsolutePath().toString());
        arguments.addAll(node.arguments());
        var program = new ChildJvm.Program("Kafka", ChildJvm.SMALL, System.getProperty("java.class.path"), arguments);
        var child = ChildJvm.start(program, Map.of(), Path.of("").toAbsolutePath(), log);
        return new KafkaServerProcess(child, node.clientPort());
    }

    /** Returns when the broker serves clients. */
    void awaitServing() {
        try (var admin = Admin.create(adminSettings())) {
            var nodes = admin.describeCluster().nodes(); // asks again until somebody answers
            child.await(nodes::isDone, START_PATIENCE);
        }
    }

    boolean isAlive() {
        return child.process().isAlive();
    }

    /** Where clients connect, such as {@code 127.0.0.1:29092}. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    /** The process as the operating system knows it: its id, and the CPU time it took. */
    public ProcessHandle handle() {
        return child.process().toHandle();
    }

    /** Ends the broker as a power cut would: no shutdown hook runs. Returns when it is gone. */
    public void kill() {
        try {
            child.process().destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("killing Kafka", e);
        }
    }

    /** Stops the broker in good order and waits until it ended. A second call does nothing. */
    @Override
    public void close() {
        child.close();
    }

    private Map<String, Object> adminSettings() {
        return Map.of(
                "bootstrap.servers", bootstrapServers(),
                "reconnect.backoff.max.ms", 200,
                "default.api.timeout.ms",
                        Math.toIntExact(START_PATIENCE.multipliedBy(2).toMillis()));
    }
}
