package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.testkit.InMemoryRun;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the plugin folder as a worker would: in a class loader of its own above which there are the JDK and the SPI only.
 * It needs the folder, so it runs after packaging, by an execution of its own.
 */
class PluginFolderCheck {

    private static final Path FOLDER = Path.of("target", "plugin");

    @TempDir
    Path files;

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(jars())
                .extracting(jar -> jar.getFileName().toString().replaceAll("-[0-9].*", ""))
                .containsExactlyInAnyOrder("ftp", "commons-net", "commons-io", "jsch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftps", "sftp"})
    void syncs(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, files);
                var plugin = new URLClassLoader(urls(), new JdkAndSpi());
                var integration = load(plugin)) {
            server.file("a.txt", "x");

            InMemoryRun run = server.account(integration).sync();

            assertThat(run.failures()).isEmpty();
            assertThat(run.outputs()).hasSize(1);
        }
    }

    private static Integration load(ClassLoader plugin) {
        Integration integration =
                ServiceLoader.load(Integration.class, plugin).findFirst().orElseThrow();
        assertThat(integration.getClass().getClassLoader()).isSameAs(plugin);
        assertThat(integration.manifest().domain()).isEqualTo("ftp");
        return integration;
    }

    private static URL[] urls() throws IOException {
        return jars().stream().map(PluginFolderCheck::url).toArray(URL[]::new);
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.toList();
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
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
                return PluginFolderCheck.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
