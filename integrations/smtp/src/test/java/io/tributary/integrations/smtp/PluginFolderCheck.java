package io.tributary.integrations.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.testkit.PluginFolder;
import io.tributary.integrations.workbench.ConnectedAccount;
import org.junit.jupiter.api.Test;

/**
 * Runs the plugin folder as a worker would. It needs the folder, so an execution of its own runs it after packaging.
 */
class PluginFolderCheck {

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(PluginFolder.libraries())
                .contains("smtp", "integrations-sockets", "simple-java-mail", "angus-mail", "jakarta.mail-api")
                .doesNotContain("integrations-api", "jspecify");
    }

    @Test
    void sendsFromAClassLoaderOfItsOwn() throws Exception {
        try (var server = ScriptedSmtpServer.plain();
                var plugin = PluginFolder.load()) {
            ConnectedAccount.of(plugin.integration())
                    .config("host", "127.0.0.1")
                    .config("port", server.port())
                    .config("security", "none")
                    .act(
                            "send",
                            JsonObject.of("to", JsonObject.of("email", "ada@example.org"))
                                    .with("text", "hello")
                                    .with("html", "<p>hello</p>"),
                            new Effect("k", false));

            assertThat(server.lines()).contains("RCPT TO:<ada@example.org>");
        }
    }
}
