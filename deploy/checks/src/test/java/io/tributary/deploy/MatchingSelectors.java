package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Selectors match the pods that they are for, and no others. */
final class MatchingSelectors implements Function<Deployed, List<String>> {

    private static final Set<String> CONTROLLERS = Set.of("Deployment", "StatefulSet");

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        for (Manifest manifest : deployed.all()) {
            switch (manifest.kind()) {
                case "Deployment", "StatefulSet" -> controller(deployed, manifest, problems);
                case "Service" -> service(deployed, manifest, problems);
                case "PodDisruptionBudget" -> matchesOne(deployed, manifest, manifest.at("spec", "selector"), problems);
                case "NetworkPolicy" -> policy(deployed, manifest, problems);
                case "ServiceMonitor" -> monitor(deployed, manifest, problems);
                default -> {}
            }
        }
        return problems;
    }

    private static void controller(Deployed deployed, Manifest controller, List<String> problems) {
        Object selector = controller.at("spec", "selector");
        matchesOne(deployed, controller, selector, problems);
        var pod = controller.pod().orElseThrow();
        if (!Selector.matches(selector, pod.labels())) {
            problems.add(controller.title() + ": the selector does not match its own pods");
        }
        for (var spread : Manifest.asList(pod.spec().get("topologySpreadConstraints"))) {
            if (!Selector.matches(spread.get("labelSelector"), pod.labels())) {
                problems.add(controller.title() + ": the topology spread is for other pods");
            }
        }
    }

    private static void matchesOne(
            Deployed deployed, Manifest manifest, @Nullable Object selector, List<String> problems) {
        long matches = controllers(deployed)
                .filter(pod -> Selector.matches(selector, pod.labels()))
                .count();
        if (matches != 1) {
            problems.add(
                    manifest.title() + ": the selector matches the pods of " + matches + " controllers, not of one");
        }
    }

    private static void service(Deployed deployed, Manifest service, List<String> problems) {
        var pods = controllers(deployed)
                .filter(pod -> Selector.contains(pod.labels(), service.map("spec", "selector")))
                .toList();
        if (pods.size() != 1) {
            problems.add(service.title() + ": the selector matches " + pods.size() + " controllers, not one");
            return;
        }
        for (var port : service.list("spec", "ports")) {
            boolean declared = pods.getFirst().containers().stream()
                    .flatMap(container -> Manifest.asList(container.get("ports")).stream())
                    .anyMatch(candidate -> Objects.equals(candidate.get("name"), port.get("targetPort")));
            if (!declared) {
                problems.add(service.title() + ": no container has the port " + port.get("targetPort"));
            }
        }
    }

    private static void policy(Deployed deployed, Manifest policy, List<String> problems) {
        Object selector = policy.at("spec", "podSelector");
        boolean ofOperator = Manifest.within(Manifest.asMap(selector), "matchLabels", "cnpg.io/cluster") != null;
        if (!ofOperator && deployed.pods().noneMatch(pod -> Selector.matches(selector, pod.labels()))) {
            problems.add(policy.title() + ": the selector matches no pod");
        }
    }

    private static void monitor(Deployed deployed, Manifest monitor, List<String> problems) {
        long services = deployed.pods()
                .filter(pod -> List.of("scheduler", "worker", "sink", "edge").contains(pod.component()))
                .count();
        for (var endpoint : monitor.list("spec", "endpoints")) {
            long scraped = deployed.ofKind("Service")
                    .filter(service ->
                            Selector.matches(monitor.at("spec", "selector"), service.map("metadata", "labels")))
                    .filter(service -> service.list("spec", "ports").stream()
                            .anyMatch(port -> Objects.equals(port.get("name"), endpoint.get("port"))))
                    .count();
            if (scraped != services) {
                problems.add(monitor.title() + " finds " + scraped + " services with the port " + endpoint.get("port")
                        + ", not " + services);
            }
        }
    }

    private static Stream<Manifest.Pod> controllers(Deployed deployed) {
        return deployed.all().stream()
                .filter(manifest -> CONTROLLERS.contains(manifest.kind()))
                .flatMap(manifest -> manifest.pod().stream());
    }
}
