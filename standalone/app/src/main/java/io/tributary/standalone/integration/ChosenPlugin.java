package io.tributary.standalone.integration;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.PluginFolders;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugin;
import io.tributary.worker.plugins.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One integration, loaded as a worker loads it. To be closed, which closes the integration.
 *
 * @param name what it was asked for by
 * @param plugins what was loaded where it was looked for
 * @param plugin null: it could not be loaded, and {@link #problems} says why
 */
public record ChosenPlugin(
        String name, Plugins plugins, @Nullable Plugin plugin) implements AutoCloseable {

    private static final Pattern PROVIDER = Pattern.compile(".*\\.provider\\.ya?ml");

    /**
     * Loads an integration by what a person calls it: {@code shop.yaml}; a folder, which has a separator in its name,
     * such as {@code ./shop}, and is a plugin folder or the project that builds one; or else a domain among those that
     * the embedded default finds.
     *
     * @throws UsageError when there is nothing of that name
     */
    public static ChosenPlugin of(String name, DataDir dataDir) {
        if (isYaml(name)) {
            return ofFile(name, Path.of(name));
        }
        return isPath(name) ? ofFolder(name, Path.of(name)) : ofDomain(name, dataDir);
    }

    private static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static boolean isPath(String name) {
        return name.contains("/") || name.contains("\\") || name.equals(".") || name.equals("..");
    }

    /** From a folder of its own, so that other plugins cannot interfere. */
    private static ChosenPlugin ofFile(String name, Path file) {
        requireIntegration(file);
        try {
            Path folder = Files.createTempDirectory("tributary-integration-");
            Path copy = folder.resolve(file.getFileName());
            try {
                Files.copy(file, copy);
                return only(name, LoadPlugins.from(List.of(folder)));
            } finally {
                Files.deleteIfExists(copy);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Says what is wrong with a name of a YAML file that cannot describe an integration.
     *
     * @throws UsageError when there is no such file, or it is to describe a provider
     */
    public static void requireIntegration(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageError("there is no file " + file);
        }
        if (PROVIDER.matcher(String.valueOf(file.getFileName())).matches()) {
            throw new UsageError(file + " describes a provider for certify: name the file of the integration instead");
        }
    }

    private static ChosenPlugin ofFolder(String name, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UsageError("there is no folder " + name);
        }
        Path built = folder.resolve("target/plugin");
        if (Files.isDirectory(built)) {
            return only(name, LoadPlugins.from(List.of(built)));
        }
        if (Files.isRegularFile(folder.resolve("pom.xml"))) {
            throw new UsageError(name + " is a project that is not built: build it with ./mvnw, which leaves " + built);
        }
        return only(name, LoadPlugins.from(List.of(folder)));
    }

    private static ChosenPlugin ofDomain(String domain, DataDir dataDir) {
        var plugins = LoadPlugins.from(PluginFolders.of(dataDir));
        var plugin = plugins.find(domain).orElse(null);
        if (plugin == null && plugins.problems().isEmpty()) {
            String known = domains(plugins);
            plugins.close();
            throw new UsageError("there is no integration " + domain + "; there are " + known
                    + (Files.isDirectory(Path.of(domain)) ? ", and the folder ./" + domain : ""));
        }
        return new ChosenPlugin(domain, plugins, plugin);
    }

    private static ChosenPlugin only(String name, Plugins plugins) {
        if (plugins.all().size() > 1) {
            String several = domains(plugins);
            plugins.close();
            throw new UsageError(name + " has several integrations, " + several + ": name the folder of one");
        }
        return new ChosenPlugin(
                name, plugins, plugins.all().stream().findFirst().orElse(null));
    }

    private static String domains(Plugins plugins) {
        return plugins.all().stream().map(plugin -> plugin.manifest().domain()).collect(Collectors.joining(", "));
    }

    /** Why there is no plugin, a line each; never empty then. */
    public List<String> problems() {
        return plugin == null && plugins.problems().isEmpty()
                ? List.of(name + ": there is no integration in it, neither a jar nor a YAML file")
                : plugins.problems();
    }

    /** @throws UserError {@code polling.integrationLoadFailed} when it could not be loaded */
    public Plugin loaded() {
        if (plugin == null) {
            throw new UserError("polling.integrationLoadFailed: " + String.join("; ", problems()));
        }
        return plugin;
    }

    @Override
    public void close() {
        plugins.close();
    }
}
