package io.tributary.worker.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.tributary.integrations.api.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** YAML files in the plugin folders. */
class DescribedIntegrationsIT {

    private static final String SHOP = """
        domain: shop
        version: 1.2.3
        displayName: Shop
        baseUrl: https://shop.example
        streams:
          items:
            request: {path: /items}
            output: {id: id}
        """;

    @TempDir
    private Path folder;

    private Path sub;

    @BeforeEach
    void makeFolders() throws IOException {
        sub = Files.createDirectories(folder.resolve("more"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void loadsAFileBesideOneThatIsBrokenAndSaysWhereThatIs() throws IOException {
        write(folder.resolve("a-broken.yaml"), SHOP.replace("path: /items", "paht: /items"));
        write(folder.resolve("b-shop.yaml"), SHOP);
        write(sub.resolve("market.yml"), SHOP.replace("domain: shop", "domain: market"));
        write(folder.resolve("readme.txt"), "not of interest");

        try (Plugins plugins = LoadPlugins.from(List.of(folder))) {
            assertThat(plugins.all())
                    .extracting(Plugin::manifest)
                    .extracting(Manifest::domain, Manifest::version)
                    .containsExactlyInAnyOrder(tuple("shop", "1.2.3"), tuple("market", "1.2.3"));
            var failed = plugins.failureOf("other");
            assertThat(failed.code()).isEqualTo("polling.integrationLoadFailed");
            assertThat(failed.reason())
                    .contains("a-broken.yaml: 7:15: there is no key 'paht' here; did you mean 'path'?");
        }
    }

    @Test
    void passesByTheProvidersThatTestsPlay() throws IOException {
        write(folder.resolve("shop.yaml"), SHOP);
        write(folder.resolve("shop.provider.yaml"), "collections: []");
        write(sub.resolve("shop.provider.yml"), "collections: []");

        try (Plugins plugins = LoadPlugins.from(List.of(folder))) {
            assertThat(plugins.all()).hasSize(1);
            assertThat(plugins.failureOf("other").code())
                    .isEqualTo("polling.integrationNotFound"); // Nothing could not be loaded.
        }
    }

    @Test
    void takesTheFirstOfTwoFilesWithOneDomain() throws IOException {
        write(folder.resolve("one.yaml"), SHOP);
        write(folder.resolve("two.yaml"), SHOP.replace("1.2.3", "2.0.0"));

        try (Plugins plugins = LoadPlugins.from(List.of(folder))) {
            assertThat(plugins.all())
                    .extracting(plugin -> plugin.manifest().version())
                    .containsExactly("1.2.3");
            assertThat(plugins.failureOf("other").reason())
                    .contains("two.yaml: there is an integration shop already, version 1.2.3");
        }
    }

    @Test
    void announcesWhatAFileDescribesAsItDoesForAJar() throws IOException {
        write(folder.resolve("shop.yaml"), SHOP);

        try (Plugins plugins = LoadPlugins.from(List.of(folder))) {
            Plugin plugin = plugins.all().iterator().next();
            String announced = ManifestJson.of(plugin.manifest(), plugin.connects());

            assertThat(announced).contains("\"version\":\"1.2.3\"").contains("sync-default");
        }
    }
}
