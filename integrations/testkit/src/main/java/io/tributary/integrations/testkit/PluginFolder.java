package io.tributary.integrations.testkit;

import io.tributary.integrations.api.Integration;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The plugin folder that the build made of an integration, loaded as a worker would: in a class loader of its own above
 * which there are the JDK and the SPI only. The folder is there after packaging.
 */
public final class PluginFolder implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "plugin");

    private final URLClassLoader classes;
    private final Integration integration;

    private PluginFolder(URLClassLoader classes) {
        this.classes = classes;
        this.integration =
                ServiceLoader.load(Integration.class, classes).findFirst().orElseThrow();
        if (integration.getClass().getClassLoader() != classes) {
            throw new IllegalStateException("the integration does not come from " + FOLDER);
        }
    }

    /** Loads the folder of the module that is tested. */
    public static PluginFolder load() throws IOException {
        return new PluginFolder(new URLClassLoader(jars().map(PluginFolder::url).toArray(URL[]::new), new JdkAndSpi()));
    }

    /** The libraries in the folder by name, without their versions. */
    public static List<String> libraries() throws IOException {
        return jars().map(jar -> jar.getFileName().toString().replaceAll("-[0-9].*", ""))
                .toList();
    }

    public Integration integration() {
        return integration;
    }

    private static Stream<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.toList().stream();
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (classes) {
            integration.close();
        }
    }

    /** What a worker lets a plugin see of itself. */
    private static final class JdkAndSpi extends ClassLoader {

        JdkAndSpi() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.tributary.integrations.api.") || name.startsWith("org.jspecify.")) {
                return PluginFolder.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
