package io.tributary.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the embedded default looks for integrations. */
public final class PluginFolders {

    private static final String SERVICES =
            "src/main/resources/META-INF/services/io.tributary.integrations.api.Integration";

    private PluginFolders() {}

    /**
     * The user's {@code plugins} in the data folder and next to the script, and the folders in which the build
     * leaves those that are shipped, and the YAML files among them; only folders that exist. The first of two with one
     * domain is taken, so the user's go before ours.
     */
    public static List<Path> of(DataDir dataDir) {
        Path home = home();
        Path integrations = home.resolve("integrations");
        try (var folders = Files.list(integrations)) {
            Stream<Path> users = Stream.of(dataDir.plugins(), home.resolve("plugins"));
            Stream<Path> shipped = folders.sorted().flatMap(PluginFolders::shippedIn);
            return Stream.concat(users, shipped)
                    .filter(Files::isDirectory)
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UserError("cannot list the integrations in " + integrations + ": run this by ./tributary", e);
        }
    }

    /** Libraries of integrations are modules as well, and no plugins. */
    private static Stream<Path> shippedIn(Path module) {
        Path examples = module.resolve("examples");
        return Files.isRegularFile(module.resolve(SERVICES))
                ? Stream.of(module.resolve("target/plugin"), examples)
                : Stream.of(examples);
    }

    /** The folder of the script; the current one where there is no script. */
    public static Path home() {
        return Path.of(System.getProperty("tributary.home", "."));
    }
}
