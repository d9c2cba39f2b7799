package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.testkit.PluginFolder;
import io.tributary.integrations.workbench.InMemoryRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the plugin folder as a worker would. It needs the folder, so an execution of its own runs it after packaging.
 */
class PluginFolderCheck {

    @TempDir
    Path files;

    @Test
    void bringsWhatItNeedsAndNothingTheWorkerHas() throws Exception {
        assertThat(PluginFolder.libraries())
                .containsExactlyInAnyOrder("ftp", "integrations-sockets", "commons-net", "commons-io", "jsch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftps", "sftp"})
    void syncs(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, files);
                var plugin = PluginFolder.load()) {
            assertThat(plugin.integration().manifest().domain()).isEqualTo("ftp");
            server.file("a.txt", "x");

            InMemoryRun run = server.account(plugin.integration()).sync();

            assertThat(run.failures()).isEmpty();
            assertThat(run.outputs()).hasSize(1);
        }
    }
}
