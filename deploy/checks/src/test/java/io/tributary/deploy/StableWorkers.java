package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A worker that restarts keeps its name, by which it gets its partitions back at once, and its state. More threads than
 * partitions would be idle.
 */
final class StableWorkers implements Function<Deployed, List<String>> {

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        Set<String> partitions = settings(deployed, "TRIBUTARY_TOPICS_PARTITIONS");
        if (partitions.size() != 1) {
            problems.add("the services expect different numbers of partitions: " + partitions);
            return problems;
        }
        for (Manifest manifest : deployed.chart()) {
            manifest.pod().ifPresent(pod -> {
                if (pod.component().equals("worker")) {
                    worker(deployed, manifest, pod, problems);
                }
                threads(
                        deployed,
                        manifest,
                        pod,
                        Integer.parseInt(partitions.iterator().next()),
                        problems);
            });
        }
        return problems;
    }

    private static Set<String> settings(Deployed deployed, String name) {
        return deployed.ofKind("ConfigMap")
                .map(map -> map.text("data", name))
                .filter(value -> !value.isEmpty())
                .collect(Collectors.toSet());
    }

    private static void worker(Deployed deployed, Manifest worker, Manifest.Pod pod, List<String> problems) {
        if (!worker.kind().equals("StatefulSet")
                || !worker.text("spec", "podManagementPolicy").equals("Parallel")) {
            problems.add(worker.title() + " must be a StatefulSet whose pods start in parallel");
        }
        var container = pod.containers().getFirst();
        boolean named = Manifest.asList(container.get("env")).stream()
                .anyMatch(variable -> Objects.equals(variable.get("name"), "TRIBUTARY_WORKER_INSTANCE_ID")
                        && Objects.equals(
                                Manifest.within(variable, "valueFrom", "fieldRef", "fieldPath"), "metadata.name"));
        if (!named) {
            problems.add(worker.title() + ": TRIBUTARY_WORKER_INSTANCE_ID is not the name of the pod");
        }
        String state = deployed.environment(container).getOrDefault("TRIBUTARY_WORKER_STATE_DIRECTORY", "");
        var claims = worker.list("spec", "volumeClaimTemplates").stream()
                .map(claim -> Manifest.within(claim, "metadata", "name"))
                .toList();
        boolean durable = Manifest.asList(container.get("volumeMounts")).stream()
                .anyMatch(mount ->
                        claims.contains(mount.get("name")) && (state + "/").startsWith(mount.get("mountPath") + "/"));
        if (!durable) {
            problems.add(worker.title() + ": the state in '" + state + "' is not on a volume that outlives the pod");
        }
    }

    private static void threads(
            Deployed deployed, Manifest controller, Manifest.Pod pod, int partitions, List<String> problems) {
        var environment = deployed.environment(pod.containers().getFirst());
        String threads = environment.getOrDefault(
                "TRIBUTARY_WORKER_THREADS", environment.getOrDefault("TRIBUTARY_SINK_THREADS", "0"));
        int most = BoundedDisruptions.Scaler.all(deployed).stream()
                .filter(scaler -> scaler.target().equals(controller.title()))
                .mapToInt(BoundedDisruptions.Scaler::most)
                .max()
                .orElseGet(() -> Integer.parseInt(Objects.toString(controller.at("spec", "replicas"), "1")));
        if (most * Integer.parseInt(threads) > partitions) {
            problems.add(controller.title() + ": " + most + " replicas with " + threads + " threads are more than "
                    + partitions + " partitions");
        }
    }
}
