package io.tributary.pipeline;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The objects of the chart, rendered from the values for production and those of a site. */
record RenderedChart(List<Map<String, Object>> objects) {

    private static final Path CHART = Path.of(System.getProperty("tributary.home"), "deploy/helm/tributary");

    /**
     * Renders the chart as {@code helm template -f values-prod.yaml -f site} does.
     *
     * @param site values of the place where it runs: addresses, names of secrets, sizes
     * @param folder for the file of these values
     */
    static RenderedChart ofProduction(Map<String, Object> site, Path folder) throws IOException {
        Path values = folder.resolve("site-values.json");
        Files.writeString(values, JsonMapper.shared().writeValueAsString(site));
        String rendered = new Helm(CHART)
                .template()
                .withName("tributary")
                .withNamespace("tributary")
                .withKubeVersion("1.34.0")
                .withValuesFile(CHART.resolve("values-prod.yaml"))
                .withValuesFile(values)
                .call();
        var objects = new ArrayList<Map<String, Object>>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(rendered)) {
            if (document != null) {
                objects.add(object(document));
            }
        }
        return new RenderedChart(objects);
    }

    /** Data of the ConfigMap of that name. */
    Map<String, Object> configMap(String name) {
        return map(only("ConfigMap", name).get("data"));
    }

    /** The pod that a Deployment, StatefulSet or Job of that name makes. */
    Map<String, Object> pod(String kind, String name) {
        return map(map(map(only(kind, name).get("spec")).get("template")).get("spec"));
    }

    private Map<String, Object> only(String kind, String name) {
        return objects.stream()
                .filter(object -> kind.equals(object.get("kind"))
                        && name.equals(map(object.get("metadata")).get("name")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the chart has no " + kind + " " + name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object document) {
        return (Map<String, Object>) document;
    }

    /** A part that is an object; empty if there is none. */
    static Map<String, Object> map(@Nullable Object part) {
        return part == null ? Map.of() : object(part);
    }

    /** A part that is a list of objects; empty if there is none. */
    static List<Map<String, Object>> list(@Nullable Object part) {
        return part == null
                ? List.of()
                : ((List<?>) part).stream().map(RenderedChart::object).toList();
    }
}
