package io.tributary.standalone.cli;

import io.tributary.integrations.api.Manifest;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.PluginFolders;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.ManifestJson;
import io.tributary.worker.plugins.Plugin;
import io.tributary.worker.plugins.Plugins;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows the integrations that the embedded default finds, and those that it cannot load. */
@Command(name = "list", description = "Show the integrations that are found, and those that cannot be loaded.")
final class ListIntegrationsCommand extends DataCommand {

    ListIntegrationsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) {
        try (var plugins = LoadPlugins.from(PluginFolders.of(dataDir))) {
            showLoaded(plugins);
            showBroken(plugins);
        }
        return 0;
    }

    private void showLoaded(Plugins plugins) {
        var table = Table.uncut("domain", "version", "kind", "auth", "sync types", "from");
        for (Plugin plugin : plugins.all()) {
            var manifest = plugin.manifest();
            String origin = plugins.originOf(manifest.domain());
            table.row(
                    manifest.domain(),
                    manifest.version(),
                    kind(origin),
                    auth(manifest),
                    manifest.syncTypes().stream().map(Manifest.SyncType::name).collect(Collectors.joining(", ")),
                    place(origin));
        }
        table.print(terminal);
    }

    private void showBroken(Plugins plugins) {
        if (!plugins.problems().isEmpty()) {
            terminal.title("Could not be loaded");
            plugins.problems().forEach(problem -> terminal.line(terminal.bad("  " + Text.printable(problem))));
        }
    }

    static String kind(String origin) {
        return origin.endsWith(".yaml") || origin.endsWith(".yml") ? "yaml" : "jar";
    }

    static String auth(Manifest manifest) {
        return manifest.auth().isEmpty()
                ? "none"
                : manifest.auth().stream().map(ManifestJson::name).sorted().collect(Collectors.joining(", "));
    }

    /** Below the folder of the script without it. */
    private static String place(String origin) {
        Path home = PluginFolders.home().toAbsolutePath().normalize();
        Path path = Path.of(origin);
        return path.startsWith(home) ? home.relativize(path).toString() : origin;
    }
}
