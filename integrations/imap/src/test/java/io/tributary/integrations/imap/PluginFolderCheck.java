package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.testkit.PluginFolder;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the plugin folder as a worker would. It needs the folder, so an execution of its own runs it after packaging.
 */
class PluginFolderCheck {

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(PluginFolder.libraries())
                .containsExactlyInAnyOrder(
                        "imap",
                        "integrations-mail",
                        "integrations-sockets",
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
                var plugin = PluginFolder.load()) {
            assertThat(plugin.integration().manifest().domain()).isEqualTo("imap");
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
                InMemoryRun run = ConnectedAccount.of(plugin.integration())
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
}
