package io.tributary.integrations.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.PluginFolder;
import io.tributary.integrations.workbench.ConnectedAccount;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs the plugin folder as a worker would. It needs the folder, so an execution of its own runs it after packaging.
 */
class PluginFolderCheck {

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(PluginFolder.libraries())
                .contains("apns", "pushy", "netty-handler", "netty-codec-http2")
                .doesNotContain("integrations-api", "jspecify");
    }

    @Test
    void readsAKeyFromAClassLoaderOfItsOwn() throws Exception {
        try (var plugin = PluginFolder.load()) {
            ConnectedAccount account = ConnectedAccount.of(plugin.integration())
                    .config("baseUrl", "https://127.0.0.1:9")
                    .config("keyId", "K")
                    .config("teamId", "T")
                    .config("topic", "t")
                    .credentials(Map.of("privateKey", "none"));

            assertThatThrownBy(() -> account.act(
                            "send",
                            JsonObject.of("to", JsonObject.of("deviceToken", "ab"))
                                    .with("text", "x"),
                            new Effect("k", false)))
                    .isInstanceOf(TaskFailure.Unauthorized.class);
        }
    }
}
