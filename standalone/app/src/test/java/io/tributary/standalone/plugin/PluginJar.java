package io.tributary.standalone.plugin;

import io.tributary.integrations.api.Integration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** Makes plugin folders with one integration, which is one class. */
public final class PluginJar {

    private PluginJar() {}

    /** Of a class of the tests. */
    public static Path of(Class<? extends Integration> integration, Path folder) throws IOException {
        try (InputStream code =
                Objects.requireNonNull(integration.getResourceAsStream("/" + file(integration.getName())))) {
            return write(folder, integration.getName(), file(integration.getName()), code.readAllBytes());
        }
    }

    /** Of a class that was compiled into a folder. */
    public static Path of(String className, Path classes, Path folder) throws IOException {
        return write(folder, className, file(className), Files.readAllBytes(classes.resolve(file(className))));
    }

    /** Of a class that is not in it. */
    public static Path broken(Path folder) throws IOException {
        return write(folder, "io.example.Missing", "io/example/other.txt", new byte[0]);
    }

    private static String file(String className) {
        return className.replace('.', '/') + ".class";
    }

    private static Path write(Path folder, String service, String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("plugin.jar")))) {
            jar.putNextEntry(new ZipEntry("META-INF/services/" + Integration.class.getName()));
            jar.write(service.getBytes(StandardCharsets.UTF_8));
            jar.putNextEntry(new ZipEntry(name));
            jar.write(bytes);
        }
        return folder;
    }
}
