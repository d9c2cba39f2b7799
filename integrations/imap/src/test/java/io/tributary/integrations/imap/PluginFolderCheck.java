package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.testkit.ConnectedAccount;
import io.tributary.integrations.testkit.InMemoryRun;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the plugin folder as a worker would: in a class loader of its own above which there are the JDK and the SPI only.
 * It needs the folder, so it runs after packaging, by an execution of its own.
 */
class PluginFolderCheck {

    private static final Path FOLDER = Path.of("target", "plugin");

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(jars())
                .extracting(jar -> jar.getFileName().toString().replaceAll("-[0-9].*", ""))
                .containsExactlyInAnyOrder(
                        "imap",
                        "integrations-mail",
                        "angus-mail",
                        "angus-activation",
                        "jakarta.mail-api",
                        "jakarta.activation-api");
    }

    /** This class path has another copy of Jakarta Mail, whose parts the plugin must not take for its own. */
    @Test
    void syncsWhenTheThreadHasAClassLoaderWithAnotherJakartaMail() throws Exception {
        syncsWith(PluginFolderCheck.class.getClassLoader());
    }

    @Test
    void syncsWhenTheThreadHasNoClassLoader() throws Exception {
        syncsWith(null);
    }

    private static void syncsWith(@Nullable ClassLoader ofThread) throws Exception {
        try (var server = ScriptedImapServer.plain();
                var plugin = new URLClassLoader(urls(), new JdkAndSpi());
                var integration = load(plugin)) {
            server.add("""
                    Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r
                    Date: Tue, 3 Feb 2026 09:00:00 +0100\r
                    Content-Type: multipart/alternative; boundary=b\r
                    \r
                    --b\r
                    Content-Type: text/html; charset=utf-8\r
                    Content-Transfer-Encoding: base64\r
                    \r
                    PHA+SGVsbG88L3A+\r
                    --b--\r
                    """);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(ofThread);
            try {
                InMemoryRun run = ConnectedAccount.of(integration)
                        .config("host", "127.0.0.1")
                        .config("port", server.port())
                        .config("security", "none")
                        .credentials(
                                Map.of("username", ScriptedImapServer.USER, "password", ScriptedImapServer.PASSWORD))
                        .sync();

                assertThat(run.failures()).isEmpty();
                assertThat(run.outputs()).singleElement().satisfies(output -> {
                    assertThat(output.name()).isEqualTo("Grüße");
                    assertThat(output.metadata().text("date")).contains("2026-02-03T08:00:00Z");
                    assertThat(output.metadata().text("html")).contains("<p>Hello</p>");
                });
                assertThat(thread.getContextClassLoader()).isSameAs(ofThread);
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    private static Integration load(ClassLoader plugin) {
        Integration integration =
                ServiceLoader.load(Integration.class, plugin).findFirst().orElseThrow();
        assertThat(integration.getClass().getClassLoader()).isSameAs(plugin);
        assertThat(integration.manifest().domain()).isEqualTo("imap");
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
