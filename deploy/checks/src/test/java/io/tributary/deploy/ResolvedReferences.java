package io.tributary.deploy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names lead to objects, mounts to volumes, and the paths of settings to mounted files. */
final class ResolvedReferences implements Function<Deployed, List<String>> {

    private static final Pattern FILE = Pattern.compile("/etc/tributary/[^ ?&]*[^ ?&/]");
    private static final Pattern HOST = Pattern.compile("(?://|^)([a-z][a-z0-9-]*):(\\d+)");

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        for (Manifest manifest : deployed.all()) {
            manifest.pod().ifPresent(pod -> {
                account(deployed, pod, problems);
                for (var container : pod.containers()) {
                    configuration(deployed, pod, container, problems);
                    mounts(manifest, pod, container, problems);
                    files(deployed, pod, container, problems);
                    hosts(deployed, pod, container, problems);
                }
            });
            targets(deployed, manifest, problems);
        }
        return problems;
    }

    private static void account(Deployed deployed, Manifest.Pod pod, List<String> problems) {
        Object account = pod.spec().getOrDefault("serviceAccountName", "default");
        if (!account.equals("default")) {
            exists(deployed, pod.owner(), "ServiceAccount", account, problems);
        }
    }

    private static void configuration(
            Deployed deployed, Manifest.Pod pod, Map<String, Object> container, List<String> problems) {
        for (var source : Manifest.asList(container.get("envFrom"))) {
            Object name = Manifest.within(source, "configMapRef", "name");
            if (name != null) {
                exists(deployed, pod.owner(), "ConfigMap", name, problems);
            }
        }
        for (var volume : pod.volumes()) {
            Object name = Manifest.within(volume, "configMap", "name");
            if (name != null) {
                exists(deployed, pod.owner(), "ConfigMap", name, problems);
            }
        }
    }

    private static void mounts(
            Manifest manifest, Manifest.Pod pod, Map<String, Object> container, List<String> problems) {
        Set<Object> volumes = new HashSet<>();
        pod.volumes().forEach(volume -> volumes.add(volume.getOrDefault("name", "")));
        manifest.list("spec", "volumeClaimTemplates")
                .forEach(claim -> volumes.add(Objects.toString(Manifest.within(claim, "metadata", "name"))));
        for (var mount : Manifest.asList(container.get("volumeMounts"))) {
            if (!volumes.contains(mount.get("name"))) {
                problems.add(pod.owner() + ": there is no volume " + mount.get("name"));
            }
        }
    }

    private static void files(
            Deployed deployed, Manifest.Pod pod, Map<String, Object> container, List<String> problems) {
        Set<String> present = new HashSet<>();
        for (var mount : Manifest.asList(container.get("volumeMounts"))) {
            pod.volumes().stream()
                    .filter(volume -> Objects.equals(volume.get("name"), mount.get("name")))
                    .flatMap(volume -> items(volume).stream())
                    .forEach(file -> present.add(mount.get("mountPath") + "/" + file));
        }
        deployed.environment(container).forEach((variable, value) -> {
            if (!variable.equals("SPRING_CONFIG_IMPORT")) {
                FILE.matcher(value)
                        .results()
                        .map(found -> found.group())
                        .filter(file -> !present.contains(file))
                        .forEach(file -> problems.add(
                                pod.owner() + ": " + variable + " is the file " + file + ", which is not mounted"));
            }
        });
    }

    private static Set<String> items(Map<String, Object> volume) {
        var files = Manifest.asList(Manifest.within(volume, "secret", "items")).stream()
                .map(item -> Objects.toString(item.get("path")))
                .collect(Collectors.toSet());
        if (volume.get("secret") != null && files.isEmpty()) {
            files.addAll(List.of("tls.crt", "tls.key"));
        }
        for (var source : Manifest.asList(Manifest.within(volume, "projected", "sources"))) {
            Manifest.asList(Manifest.within(source, "secret", "items"))
                    .forEach(item -> files.add(Objects.toString(item.get("path"))));
        }
        return files;
    }

    private static void hosts(
            Deployed deployed, Manifest.Pod pod, Map<String, Object> container, List<String> problems) {
        if (deployed.platform().isEmpty()) {
            return;
        }
        Set<String> served = new HashSet<>();
        deployed.ofKind("Service")
                .forEach(service -> service.list("spec", "ports")
                        .forEach(port -> served.add(service.name() + ":" + port.get("port"))));
        deployed.ofKind("Kafka")
                .forEach(kafka -> kafka.list("spec", "kafka", "listeners")
                        .forEach(listener -> served.add(kafka.name() + "-kafka-bootstrap:" + listener.get("port"))));
        deployed.ofKind("Cluster").forEach(postgres -> served.add(postgres.name() + "-rw:5432"));
        deployed.environment(container)
                .forEach((variable, value) -> HOST.matcher(value)
                        .results()
                        .map(found -> found.group(1) + ":" + found.group(2))
                        .filter(server -> !served.contains(server))
                        .forEach(server -> problems.add(
                                pod.owner() + ": " + variable + " names " + server + ", which nobody serves")));
    }

    private static void targets(Deployed deployed, Manifest manifest, List<String> problems) {
        Object kind = manifest.at("spec", "scaleTargetRef", "kind");
        if (kind != null) {
            Object name = manifest.at("spec", "scaleTargetRef", "name");
            exists(deployed, manifest.title(), kind.toString(), Objects.toString(name), problems);
        }
        if (manifest.kind().equals("StatefulSet")) {
            exists(deployed, manifest.title(), "Service", manifest.text("spec", "serviceName"), problems);
        }
        for (var rule : manifest.list("spec", "rules")) {
            for (var path : Manifest.asList(Manifest.within(rule, "http", "paths"))) {
                Object service = Objects.toString(Manifest.within(path, "backend", "service", "name"));
                exists(deployed, manifest.title(), "Service", service, problems);
            }
        }
    }

    private static void exists(Deployed deployed, String by, String kind, Object name, List<String> problems) {
        if (deployed.ofKind(kind).noneMatch(manifest -> manifest.name().equals(name))) {
            problems.add(by + ": there is no " + kind + " " + name);
        }
    }
}
