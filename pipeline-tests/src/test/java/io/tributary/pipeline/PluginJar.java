package io.tributary.pipeline;

import io.tributary.integrations.api.Integration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Packs an integration of the tests as a plugin. */
final class PluginJar {

    private PluginJar() {}

    /** Packs an integration, with its package, into a jar in a folder of its own; returns the folder. */
    static Path pack(Path folder, Class<? extends Integration> integration) {
        String inJar = integration.getPackageName().replace('.', '/') + "/";
        Path classes = Path.of(integration
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolve(inJar);
        try (var files = Files.list(classes)) {
            Path plugin = Files.createDirectories(folder.resolve("plugin"));
            try (var jar = new JarOutputStream(Files.newOutputStream(plugin.resolve("plugin.jar")))) {
                for (Path file : files.toList()) {
                    jar.putNextEntry(new JarEntry(inJar + file.getFileName()));
                    Files.copy(file, jar);
                }
                jar.putNextEntry(new JarEntry("META-INF/services/" + Integration.class.getName()));
                jar.write(integration.getName().getBytes(StandardCharsets.UTF_8));
            }
            return plugin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
