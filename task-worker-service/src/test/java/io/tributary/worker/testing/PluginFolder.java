package io.tributary.worker.testing;

import io.tributary.integrations.api.Integration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Packs an integration of the tests, which is one class, into the jar of a plugin. */
public final class PluginFolder {

    private PluginFolder() {}

    /** Returns the folder that the jar is in. */
    public static Path of(Class<? extends Integration> integration, Path folder) throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        String name = integration.getName();
        String file = name.replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(plugins.resolve("plugin.jar")));
                var bytes = Objects.requireNonNull(integration.getClassLoader().getResourceAsStream(file))) {
            jar.putNextEntry(new JarEntry(file));
            bytes.transferTo(jar);
            jar.putNextEntry(new JarEntry("META-INF/services/" + Integration.class.getName()));
            jar.write(name.getBytes(StandardCharsets.UTF_8));
        }
        return plugins;
    }
}
