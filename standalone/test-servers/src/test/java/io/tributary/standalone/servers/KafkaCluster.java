package io.tributary.standalone.servers;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/**
 * Three brokers that keep three copies of everything, each in a JVM of its own that can be killed. What was
 * acknowledged is on two of them at least. They end with this JVM.
 *
 * <p>Used by one thread at a time.
 */
public final class KafkaCluster implements AutoCloseable {

    /** How many brokers there are. */
    public static final int BROKERS = 3;

    private final Path folder;
    private final List<KafkaNode> nodes;
    private final List<KafkaServerProcess> brokers;
    private final Admin admin;

    private KafkaCluster(Path folder, List<KafkaNode> nodes, List<KafkaServerProcess> brokers) {
        this.folder = folder;
        this.nodes = nodes;
        this.brokers = brokers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers(), "reconnect.backoff.max.ms", 200));
    }

    /**
     * Starts the brokers and returns when they serve clients.
     *
     * @param folder where their data lives, a folder each
     * @throws ServerFailure when they did not start within 60 s
     */
    public static KafkaCluster start(Path folder) {
        var nodes = nodes();
        var brokers = new ArrayList<KafkaServerProcess>();
        try {
            nodes.forEach(node -> brokers.add(KafkaServerProcess.launch(folderOf(folder, node), node)));
            brokers.forEach(KafkaServerProcess::awaitServing);
            return new KafkaCluster(folder, nodes, brokers);
        } catch (RuntimeException e) {
            brokers.forEach(KafkaServerProcess::close);
            throw e;
        }
    }

    /** Where clients connect: all brokers. */
    public String bootstrapServers() {
        return nodes.stream()
                .map(node -> Ports.LOOPBACK + ":" + node.clientPort())
                .collect(joining(","));
    }

    /**
     * Ends a broker as a power cut would and starts it again on its data, which takes some seconds: returns before
     * that.
     *
     * @param broker 0 up to {@link #BROKERS}
     */
    public void killAndRestart(int broker) {
        brokers.get(broker).kill();
        brokers.set(broker, KafkaServerProcess.launch(folderOf(folder, nodes.get(broker)), nodes.get(broker)));
    }

    /** Whether every broker has all it should have, so that another one may be killed. */
    public boolean isInSync() {
        if (!brokers.stream().allMatch(KafkaServerProcess::isAlive)) {
            return false;
        }
        try {
            var topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .allMatch(KafkaCluster::isInSync);
        } catch (ExecutionException e) {
            return false; // Nobody knows.
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("asking Kafka", e);
        }
    }

    private static boolean isInSync(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(partition ->
                        partition.isr().size() == partition.replicas().size());
    }

    /** Stops the brokers in good order. A second call does nothing. */
    @Override
    public void close() {
        admin.close();
        brokers.forEach(KafkaServerProcess::close);
    }

    private static List<KafkaNode> nodes() {
        String clusterId = Uuid.randomUuid().toString();
        var ports = new LinkedHashSet<Integer>();
        while (ports.size() < 2 * BROKERS) {
            ports.add(Ports.claim(0, "Kafka", ThreadLocalRandom.current()));
        }
        var list = List.copyOf(ports);
        var clientPorts = list.subList(0, BROKERS);
        var controllerPorts = list.subList(BROKERS, 2 * BROKERS);
        return IntStream.rangeClosed(1, BROKERS)
                .mapToObj(id -> new KafkaNode(clusterId, id, clientPorts, controllerPorts))
                .toList();
    }

    private static Path folderOf(Path folder, KafkaNode node) {
        return folder.resolve("broker-" + node.id());
    }
}
