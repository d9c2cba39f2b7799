package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tries every connection between the pods, the servers and places outside, as the network policies allow it, and
 * compares them with those that the services need: one that is missing stops a service, one too many is a way in.
 */
final class NeededConnections implements Function<Deployed, List<String>> {

    private static final Set<Integer> PORTS = Set.of(22, 53, 143, 443, 993, 5432, 8080, 8081, 4318, 9000, 9093, 12345);

    private static final Set<String> NEEDED = new TreeSet<>();

    static {
        allow("scheduler worker sink kafka-ui", "kafka", 9093);
        allow("scheduler worker sink kafka-ui", "apicurio", 8080);
        allow("scheduler worker sink migrations apicurio", "postgres", 5432);
        allow("scheduler worker sink migrations test apicurio kafka-ui", "dns", 53);
        allow("scheduler worker sink", "internet", 443);
        for (int port : List.of(22, 143, 993)) {
            allow("worker", "internet", port);
        }
        allow("test ingress", "scheduler", 8080);
        allow("monitoring", "scheduler", 8081);
        allow("monitoring", "worker", 8081);
        allow("monitoring", "sink", 8081);
    }

    private static void allow(String from, String to, int port) {
        for (String source : from.split(" ", -1)) {
            NEEDED.add(connection(source, to, port));
        }
    }

    private static String connection(String from, String to, int port) {
        return from + " -> " + to + ":" + port;
    }

    /** The pods of our own, whose policies are judged; Postgres and Kafka have more clients than ours. */
    private static final List<String> OURS =
            List.of("scheduler", "worker", "sink", "edge", "migrations", "test", "apicurio", "kafka-ui");

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        if (deployed.platform().isEmpty()) {
            if (deployed.ofKind("NetworkPolicy")
                    .noneMatch(policy -> policy.name().endsWith("-deny"))) {
                problems.add("nothing is denied by default");
            }
            return problems;
        }
        Set<String> possible = possible(deployed);
        Set<String> needed = needed(deployed);
        needed.stream()
                .filter(connection -> !possible.contains(connection))
                .forEach(connection -> problems.add(connection + " is needed, and is not allowed"));
        possible.stream()
                .filter(connection -> !needed.contains(connection))
                .forEach(connection -> problems.add(connection + " is allowed, and nobody needs it"));
        return problems;
    }

    /** Adds the receiver of traces for the pods that send traces, and the connections of the edge if it is deployed. */
    private static Set<String> needed(Deployed deployed) {
        var needed = new TreeSet<>(NEEDED);
        if (deployed.pods().anyMatch(pod -> pod.component().equals("edge"))) {
            needed.addAll(Set.of(
                    connection("edge", "kafka", 9093),
                    connection("edge", "apicurio", 8080),
                    connection("edge", "dns", 53),
                    connection("ingress", "edge", 8080),
                    connection("monitoring", "edge", 8081)));
        }
        deployed.pods()
                .filter(pod -> pod.containers().stream()
                        .anyMatch(
                                container -> deployed.environment(container).containsKey("TRIBUTARY_TRACING_ENDPOINT")))
                .forEach(pod -> needed.add(connection(pod.component(), "collector", 4318)));
        return needed;
    }

    private static Set<String> possible(Deployed deployed) {
        var policies = Stream.concat(
                        deployed.ofKind("NetworkPolicy"),
                        deployed.ofKind("Kafka").map(NeededConnections::policyOfListener))
                .toList();
        var places = places(deployed);
        var possible = new TreeSet<String>();
        for (Place from : places) {
            for (Place to : places) {
                boolean judged = OURS.contains(from.name())
                        || OURS.contains(to.name())
                        || List.of("kafka", "postgres").contains(to.name());
                for (int port : PORTS) {
                    if (judged && !from.equals(to) && NetworkRules.allow(policies, from, to, port)) {
                        possible.add(connection(from.name(), to.name(), port));
                    }
                }
            }
        }
        return possible;
    }

    /** What Strimzi makes of the peers of the listener. */
    private static Manifest policyOfListener(Manifest kafka) {
        var ingress = new ArrayList<Object>();
        for (var listener : kafka.list("spec", "kafka", "listeners")) {
            ingress.add(Map.of(
                    "from", listener.getOrDefault("networkPolicyPeers", List.of()),
                    "ports", List.of(Map.of("port", listener.getOrDefault("port", 0)))));
        }
        return new Manifest(Map.of(
                "kind",
                "NetworkPolicy",
                "spec",
                Map.of(
                        "podSelector",
                        Map.of("matchLabels", Map.of("strimzi.io/cluster", kafka.name(), "strimzi.io/kind", "Kafka")),
                        "policyTypes",
                        List.of("Ingress"),
                        "ingress",
                        ingress)));
    }

    /**
     * Somewhere a connection begins or ends.
     *
     * @param address outside of the cluster; empty for pods
     */
    record Place(String name, String namespace, Map<String, Object> labels, String address) {}

    private static List<Place> places(Deployed deployed) {
        var places = new ArrayList<Place>();
        deployed.pods().forEach(pod -> {
            String name = pod.component();
            if (name.isEmpty()) {
                name = "kafka-ui".equals(pod.labels().get("app.kubernetes.io/name")) ? "kafka-ui" : "apicurio";
            }
            places.add(new Place(name, "tributary", pod.labels(), ""));
        });
        places.add(new Place(
                "kafka", "tributary", Map.of("strimzi.io/cluster", "tributary", "strimzi.io/kind", "Kafka"), ""));
        places.add(new Place("postgres", "tributary", Map.of("cnpg.io/cluster", "tributary-postgres"), ""));
        places.add(new Place("stranger", "tributary", Map.of("app", "stranger"), ""));
        places.add(new Place("dns", "kube-system", Map.of("k8s-app", "kube-dns"), ""));
        places.add(new Place("monitoring", "monitoring", Map.of("app", "prometheus"), ""));
        places.add(new Place("collector", "observability", Map.of("app", "otel-collector"), ""));
        places.add(new Place("ingress", "ingress-nginx", Map.of("app", "ingress"), ""));
        places.add(new Place("internet", "", Map.of(), "93.184.215.14"));
        places.add(new Place("metadata service", "", Map.of(), "169.254.169.254"));
        places.add(new Place("private network", "", Map.of(), "10.1.2.3"));
        return places;
    }
}
