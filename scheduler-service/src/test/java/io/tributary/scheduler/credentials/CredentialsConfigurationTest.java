package io.tributary.scheduler.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.testing.Keysets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void readsTheKeyset() {
        var seal = configured(Keysets.create(folder).file().toString());

        assertThat(seal.seal(UUID.randomUUID(), Map.of("apiKey", "k"))).isNotEmpty();
    }

    @Test
    void saysThatTheKeysetIsNotSet() {
        assertThatThrownBy(() -> configured(null))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("is not set");
        assertThatThrownBy(() -> configured(" "))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("is not set");
    }

    @Test
    void saysThatTheFileIsNotThere() {
        assertThatThrownBy(() -> configured("/nowhere/keyset.json"))
                .isInstanceOf(CannotStart.class)
                .hasMessageContainingAll("/nowhere/keyset.json", "cannot be read");
    }

    @Test
    void keepsAFileThatIsNoKeysetToItself() throws Exception {
        Path file = Files.writeString(folder.resolve("broken.json"), "{\"canaryKey\": \"canaryValue\"}");

        assertThatThrownBy(() -> configured(file.toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("is not a Tink JSON keyset")
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    private static SealCredentials configured(@Nullable String keyset) {
        var configuration = new CredentialsConfiguration();
        return new SealCredentials(configuration.keyset(new CredentialsProperties(keyset)));
    }
}
