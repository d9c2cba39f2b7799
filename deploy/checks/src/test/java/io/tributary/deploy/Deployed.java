package io.tributary.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * What one deployment brings to a cluster.
 *
 * @param chart rendered from the chart
 * @param platform the manifests of the servers; empty where others run them
 */
record Deployed(List<Manifest> chart, List<Manifest> platform) {

    static final String RELEASE = "tributary";
    private static final String KUBERNETES = "1.34.0";

    private static final Path FOLDER = Path.of(Objects.requireNonNull(System.getProperty("tributary.home")), "deploy");
    static final Path CHART = FOLDER.resolve("helm/tributary");
    static final Path PLATFORM = FOLDER.resolve("kubernetes/platform");
    static final Path README = FOLDER.resolve("README.md");

    /** The production values on our platform. */
    static Deployed production(Map<String, Object> changes) {
        return new Deployed(Manifest.parse(render("values-prod.yaml", changes)), platformManifests());
    }

    /** The values for development, on servers of somebody else. */
    static Deployed development(Map<String, Object> changes) {
        return new Deployed(Manifest.parse(render("values-dev.yaml", changes)), List.of());
    }

    /** Renders the chart, its hooks too, as {@code helm template} does, with {@code --set} for each change. */
    static String render(String valuesFile, Map<String, Object> changes) {
        Path copy = withoutHooks();
        try {
            TemplateCommand command = new Helm(copy)
                    .template()
                    .withName(RELEASE)
                    .withNamespace("tributary")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(copy.resolve(valuesFile));
            changes.forEach(command::set);
            return command.call();
        } finally {
            FileSystemUtils.deleteRecursively(copy.toFile());
        }
    }

    /** A copy of the chart in which hooks are ordinary objects: the library leaves hooks out. */
    private static Path withoutHooks() {
        try (var files = Files.walk(CHART)) {
            Path copy = Files.createTempDirectory("chart");
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(CHART.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.writeString(target, read(file).replace("helm.sh/hook:", "checks.tributary/hook:"));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Manifest> platformManifests() {
        Manifest kustomization =
                Manifest.parse(read(PLATFORM.resolve("kustomization.yaml"))).getFirst();
        var manifests = new ArrayList<Manifest>();
        for (Object file : (List<?>) Objects.requireNonNull(kustomization.at("resources"))) {
            manifests.addAll(Manifest.parse(read(PLATFORM.resolve(file.toString()))));
        }
        return manifests;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Manifest> all() {
        return Stream.concat(chart.stream(), platform.stream()).toList();
    }

    Stream<Manifest> ofKind(String kind) {
        return all().stream().filter(manifest -> manifest.kind().equals(kind));
    }

    Stream<Manifest.Pod> pods() {
        return all().stream().flatMap(manifest -> manifest.pod().stream());
    }

    /** The settings of a container: its variables, and those of its ConfigMap. */
    Map<String, String> environment(Map<String, Object> container) {
        var variables = new TreeMap<String, String>();
        for (var source : Manifest.asList(container.get("envFrom"))) {
            Object name = Manifest.within(source, "configMapRef", "name");
            ofKind("ConfigMap")
                    .filter(map -> map.name().equals(name))
                    .forEach(map -> map.map("data").forEach((key, value) -> variables.put(key, value.toString())));
        }
        for (var variable : Manifest.asList(container.get("env"))) {
            variables.put(
                    Objects.toString(variable.get("name")), Objects.toString(variable.get("value"), "(reference)"));
        }
        return variables;
    }
}
