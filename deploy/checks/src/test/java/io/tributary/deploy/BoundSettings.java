package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Compares variables, and the names of mounted files that Spring reads as properties, with what the services read:
 * Spring ignores a misspelt one silently.
 */
final class BoundSettings implements Function<Deployed, List<String>> {

    private final ReadableNames names = new ReadableNames();

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        deployed.chart().stream().flatMap(manifest -> manifest.pod().stream()).forEach(pod -> {
            for (var container : pod.containers()) {
                Services.of(container).ifPresent(service -> check(deployed, pod, container, service, problems));
            }
        });
        return problems;
    }

    private void check(
            Deployed deployed,
            Manifest.Pod pod,
            Map<String, Object> container,
            Services service,
            List<String> problems) {
        var environment = deployed.environment(container);
        environment.keySet().stream()
                .filter(variable -> !names.reads(service, variable))
                .forEach(variable -> problems.add(pod.owner() + ": no service reads " + variable));
        String tree = Objects.requireNonNullElse(environment.get("SPRING_CONFIG_IMPORT"), "");
        for (var mount : Manifest.asList(container.get("volumeMounts"))) {
            if (tree.equals("configtree:" + mount.get("mountPath") + "/")) {
                properties(pod, Objects.toString(mount.get("name"))).stream()
                        .filter(property -> !names.reads(service, property))
                        .forEach(property -> problems.add(pod.owner() + ": no service reads the file " + property));
                return;
            }
        }
        problems.add(pod.owner() + ": SPRING_CONFIG_IMPORT is " + tree + ", where no secrets are mounted");
    }

    private static List<String> properties(Manifest.Pod pod, String volume) {
        return pod.volumes().stream()
                .filter(candidate -> Objects.equals(candidate.get("name"), volume))
                .flatMap(found -> Manifest.asList(Manifest.within(found, "projected", "sources")).stream())
                .flatMap(source -> Manifest.asList(Manifest.within(source, "secret", "items")).stream())
                .map(item -> Objects.toString(item.get("path")))
                .toList();
    }
}
