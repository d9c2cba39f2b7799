package io.tributary.worker.plugins;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.declarative.DeclarativeIntegration;
import io.tributary.integrations.declarative.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the integrations of some folders. If one jar of a folder names an integration in {@code META-INF/services}, all
 * jars of the folder are one plugin: that jar and its libraries. If several jars do, each jar is a plugin. Each folder
 * in a folder is a plugin as well. A YAML file, in a folder or in a folder below it, describes an integration; but
 * {@code *.provider.yaml} describes a provider for tests, and is skipped. A broken plugin is reported and skipped.
 */
public final class LoadPlugins {

    private static final Logger log = LoggerFactory.getLogger(LoadPlugins.class);

    private static final Pattern DESCRIPTION = Pattern.compile(".*(?<!\\.provider)\\.ya?ml");

    private final Map<String, Plugin> loaded = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private LoadPlugins() {}

    /**
     * Loads all plugins.
     *
     * @param folders plugin folders, or folders of plugins; a missing one is only logged
     */
    public static Plugins from(List<Path> folders) {
        var loading = new LoadPlugins();
        for (Path folder : folders) {
            loading.fromFolder(folder);
        }
        log.info(
                "polling.integrationsLoaded: plugins loaded count={} domains={}",
                loading.loaded.size(),
                loading.loaded.keySet());
        return new Plugins(loading.loaded, loading.origins, loading.problems);
    }

    private void fromFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            log.warn("polling.pluginFolderMissing: there is no such folder folder={}", folder.toAbsolutePath());
            return;
        }
        List<Path> jars = list(folder).filter(LoadPlugins::isJar).toList();
        if (jars.stream().filter(LoadPlugins::namesIntegration).count() == 1) {
            load(folder.toAbsolutePath().toString(), jars);
        } else {
            jars.forEach(jar -> load(jar.getFileName().toString(), List.of(jar)));
        }
        describedIn(folder, "");
        list(folder).filter(Files::isDirectory).forEach(sub -> {
            List<Path> its = list(sub).filter(LoadPlugins::isJar).toList();
            if (!its.isEmpty()) {
                load(sub.getFileName().toString(), its);
            }
            describedIn(sub, sub.getFileName() + "/");
        });
    }

    private void describedIn(Path folder, String prefix) {
        list(folder)
                .filter(LoadPlugins::describesIntegration)
                .forEach(file -> loadDescribed(prefix + file.getFileName(), file));
    }

    private void loadDescribed(String name, Path file) {
        try {
            add(name, new Plugin(DeclarativeIntegration.read(file)));
        } catch (InvalidFileException e) {
            e.problems().forEach(problem -> report(name, problem.toString()));
        } catch (IOException | RuntimeException e) {
            report(name, e);
        }
    }

    private static boolean namesIntegration(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getEntry("META-INF/services/" + Integration.class.getName()) != null;
        } catch (IOException e) {
            return false; // Reported when it is loaded.
        }
    }

    private void load(String name, List<Path> jars) {
        try {
            var loader = new PluginClassLoader(name, urls(jars));
            int before = loaded.size();
            for (Integration integration : ServiceLoader.load(Integration.class, loader)) {
                add(name, new Plugin(integration));
            }
            if (loaded.size() == before) {
                report(name, "it names no integration in META-INF/services/" + Integration.class.getName());
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException | MalformedURLException e) {
            report(name, e);
        }
    }

    private void add(String name, Plugin plugin) {
        String domain = plugin.manifest().domain();
        Plugin other = loaded.putIfAbsent(domain, plugin);
        if (other == null) {
            origins.put(domain, name);
            log.info(
                    "polling.integrationLoaded: plugin loaded domain={} version={} from={}",
                    domain,
                    plugin.manifest().version(),
                    name);
        } else {
            plugin.close();
            report(
                    name,
                    "there is an integration " + domain + " already, version "
                            + other.manifest().version());
        }
    }

    private void report(String name, Throwable thrown) {
        log.error("polling.integrationLoadFailed: plugin skipped plugin={}", name, thrown);
        problems.add(name + ": " + thrown);
    }

    private void report(String name, String problem) {
        log.error("polling.integrationLoadFailed: plugin skipped plugin={} problem={}", name, problem);
        problems.add(name + ": " + problem);
    }

    private static URL[] urls(List<Path> jars) throws MalformedURLException {
        var urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return urls;
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar") && Files.isRegularFile(file);
    }

    private static boolean describesIntegration(Path file) {
        return DESCRIPTION.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plugins folder " + folder, e);
        }
    }
}
