package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One object of Kubernetes, as YAML has it. */
record Manifest(Map<String, Object> content) {

    /** Pods of these kinds are at {@code spec.template}. */
    private static final List<String> CONTROLLERS = List.of("Deployment", "StatefulSet", "Job", "DaemonSet");

    static List<Manifest> parse(String yaml) {
        var manifests = new ArrayList<Manifest>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
            if (document != null) {
                manifests.add(new Manifest(asMap(document)));
            }
        }
        return manifests;
    }

    String kind() {
        return text("kind");
    }

    String name() {
        return text("metadata", "name");
    }

    /** For messages. */
    String title() {
        return kind() + " " + name();
    }

    String text(String... path) {
        Object value = at(path);
        return value == null ? "" : value.toString();
    }

    Map<String, Object> map(String... path) {
        return asMap(at(path));
    }

    List<Map<String, Object>> list(String... path) {
        return asList(at(path));
    }

    @Nullable
    Object at(String... path) {
        return within(content, path);
    }

    /** The pod, if this is one or makes some. */
    Optional<Pod> pod() {
        if (kind().equals("Pod")) {
            return Optional.of(new Pod(title(), map("metadata", "labels"), map("spec")));
        }
        return CONTROLLERS.contains(kind())
                ? Optional.of(new Pod(
                        title(), map("spec", "template", "metadata", "labels"), map("spec", "template", "spec")))
                : Optional.empty();
    }

    /**
     * A pod.
     *
     * @param owner for messages
     */
    record Pod(String owner, Map<String, Object> labels, Map<String, Object> spec) {

        List<Map<String, Object>> containers() {
            return Stream.concat(asList(spec.get("containers")).stream(), asList(spec.get("initContainers")).stream())
                    .toList();
        }

        List<Map<String, Object>> volumes() {
            return asList(spec.get("volumes"));
        }

        /** scheduler, worker, sink, migrations or test; empty for pods of others. */
        String component() {
            return Objects.toString(labels.get("app.kubernetes.io/component"), "");
        }
    }

    static @Nullable Object within(Object content, String... path) {
        Object here = content;
        for (String key : path) {
            if (!(here instanceof Map<?, ?> map)) {
                return null;
            }
            here = map.get(key);
        }
        return here;
    }

    @SuppressWarnings("unchecked") // YAML has text as keys
    static Map<String, Object> asMap(@Nullable Object value) {
        return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
    }

    static List<Map<String, Object>> asList(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Manifest::asMap).toList()
                : List.of();
    }
}
