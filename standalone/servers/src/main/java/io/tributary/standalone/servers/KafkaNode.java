package io.tributary.standalone.servers;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * A node among the nodes of a Kafka cluster, all of which are on this host.
 *
 * @param clusterId what the nodes call their cluster
 * @param id of this node, 1 and up: its place in the lists
 * @param clientPorts of all nodes
 * @param controllerPorts of all nodes
 */
record KafkaNode(String clusterId, int id, List<Integer> clientPorts, List<Integer> controllerPorts) {

    KafkaNode {
        if (clientPorts.size() != controllerPorts.size() || id < 1 || id > clientPorts.size()) {
            throw new IllegalArgumentException("node " + id + " is unknown to " + clientPorts + ", " + controllerPorts);
        }
    }

    static KafkaNode alone(int clientPort, int controllerPort) {
        return new KafkaNode(Uuid.randomUuid().toString(), 1, List.of(clientPort), List.of(controllerPort));
    }

    /** Reads what {@link #arguments()} wrote. */
    static KafkaNode parse(List<String> arguments) {
        return new KafkaNode(
                arguments.get(0), Integer.parseInt(arguments.get(1)), ports(arguments.get(2)), ports(arguments.get(3)));
    }

    /** The node as arguments of a command. */
    List<String> arguments() {
        return List.of(clusterId, Integer.toString(id), text(clientPorts), text(controllerPorts));
    }

    int nodes() {
        return clientPorts.size();
    }

    int clientPort() {
        return clientPorts.get(id - 1);
    }

    int controllerPort() {
        return controllerPorts.get(id - 1);
    }

    /** The controllers, as Kafka's configuration names them. */
    String voters() {
        return IntStream.rangeClosed(1, nodes())
                .mapToObj(node -> node + "@" + Ports.LOOPBACK + ":" + controllerPorts.get(node - 1))
                .collect(joining(","));
    }

    private static String text(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(joining(","));
    }

    private static List<Integer> ports(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }
}
