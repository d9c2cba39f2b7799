package io.tributary.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes a pod of the chart one that {@code podman play kube} runs: image, arguments, settings, limits, mounts and
 * rights stay, and what a kubelet resolves is resolved here. Settings of ConfigMaps and fields become variables;
 * secrets become files. Probes, spreading and service accounts are left out: they are the cluster's.
 *
 * @param chart for ConfigMaps
 * @param secrets for each secret its keys and their values
 * @param folder for files of secrets
 */
record PodOnOneMachine(RenderedChart chart, Map<String, Map<String, String>> secrets, Path folder) {

    /** @param rendered spec of the pod as the chart has it, with one container */
    Map<String, Object> of(Map<String, Object> rendered, String name) throws IOException {
        Map<String, Object> container =
                RenderedChart.list(rendered.get("containers")).getFirst();
        var volumes = new ArrayList<Map<String, Object>>();
        for (Map<String, Object> mount : RenderedChart.list(container.get("volumeMounts"))) {
            volumes.add(volume(rendered, Objects.toString(mount.get("name")), name));
        }
        var security = new LinkedHashMap<>(RenderedChart.map(container.get("securityContext")));
        Map<String, Object> ofPod = RenderedChart.map(rendered.get("securityContext"));
        security.put("runAsUser", ofPod.get("runAsUser"));
        security.put("runAsGroup", ofPod.get("runAsGroup"));

        var runs = new LinkedHashMap<String, Object>();
        for (String kept : List.of("name", "image", "args", "resources", "volumeMounts")) {
            if (container.containsKey(kept)) {
                runs.put(kept, container.get(kept));
            }
        }
        runs.put("imagePullPolicy", "Never");
        runs.put("securityContext", security);
        var variables = new ArrayList<Map<String, Object>>();
        environment(container, name)
                .forEach((variable, value) -> variables.add(Map.of("name", variable, "value", value)));
        runs.put("env", variables);
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", name),
                "spec",
                Map.of("restartPolicy", "Never", "containers", List.of(runs), "volumes", volumes));
    }

    /** The variables of a container, as a kubelet sets them. */
    Map<String, String> environment(Map<String, Object> container, String pod) {
        var environment = new TreeMap<String, String>();
        for (Map<String, Object> source : RenderedChart.list(container.get("envFrom"))) {
            String map = Objects.toString(
                    RenderedChart.map(source.get("configMapRef")).get("name"));
            chart.configMap(map).forEach((key, value) -> environment.put(key, value.toString()));
        }
        for (Map<String, Object> variable : RenderedChart.list(container.get("env"))) {
            Map<String, Object> from = RenderedChart.map(variable.get("valueFrom"));
            String value = from.isEmpty() ? Objects.toString(variable.get("value")) : resolve(from, pod);
            environment.put(Objects.toString(variable.get("name")), value);
        }
        return environment;
    }

    private static String resolve(Map<String, Object> from, String pod) {
        if (Map.of("fieldPath", "metadata.name").equals(from.get("fieldRef"))) {
            return pod;
        }
        throw new IllegalArgumentException("no value for " + from);
    }

    private Map<String, Object> volume(Map<String, Object> rendered, String name, String pod) throws IOException {
        Map<String, Object> volume = RenderedChart.list(rendered.get("volumes")).stream()
                .filter(one -> name.equals(one.get("name")))
                .findFirst()
                .orElse(Map.of());
        Map<String, Object> secret = RenderedChart.map(volume.get("secret"));
        List<Map<String, Object>> sources =
                RenderedChart.list(RenderedChart.map(volume.get("projected")).get("sources"));
        if (secret.isEmpty() && sources.isEmpty()) {
            return Map.of("name", name, "emptyDir", Map.of()); // Also for the claim of a StatefulSet.
        }
        Path files = Files.createDirectories(folder.resolve(pod).resolve(name));
        if (!secret.isEmpty()) {
            write(Objects.toString(secret.get("secretName")), secret, files);
        }
        for (Map<String, Object> source : sources) {
            Map<String, Object> part = RenderedChart.map(source.get("secret"));
            write(Objects.toString(part.get("name")), part, files);
        }
        return Map.of("name", name, "hostPath", Map.of("path", files.toString(), "type", "Directory"));
    }

    private void write(String secret, Map<String, Object> part, Path files) throws IOException {
        Map<String, String> values = secrets.get(secret);
        if (values == null) {
            throw new IllegalArgumentException("there is no secret " + secret);
        }
        for (Map<String, Object> item : RenderedChart.list(part.get("items"))) {
            String key = Objects.toString(item.get("key"));
            String value = values.get(key);
            if (value == null) {
                throw new IllegalArgumentException("the secret " + secret + " has no key " + key);
            }
            Files.writeString(files.resolve(Objects.toString(item.get("path"))), value);
        }
    }
}
