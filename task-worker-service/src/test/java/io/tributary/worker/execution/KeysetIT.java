package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys change under a worker that runs. */
class KeysetIT {

    private static final UUID ACCOUNT = new UUID(0, 1);

    @TempDir
    private Path folder;

    private Path file;
    private KeysetHandle keys;

    @SuppressWarnings("NullAway.Init") // begin() sets it
    KeysetIT() {}

    @BeforeEach
    void begin() throws Exception {
        AeadConfig.register();
        file = folder.resolve("keyset.json");
        write(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    }

    @Test
    void opensAtOnceWhatANewerKeySealed() throws Exception {
        var worker = OpenCredentials.withKeyset(file);
        byte[] old = worker.seal(ACCOUNT, Map.of("apiKey", "old"));
        write(KeysetHandle.newBuilder(keys)
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build());
        byte[] sealed = OpenCredentials.withKeyset(file).seal(ACCOUNT, Map.of("apiKey", "new"));

        assertThat(worker.open(ACCOUNT, sealed)).containsEntry("apiKey", "new");
        assertThat(worker.open(ACCOUNT, old)).containsEntry("apiKey", "old");

        var builder = KeysetHandle.newBuilder(keys);
        builder.getAt(0).setStatus(KeyStatus.DISABLED);
        write(builder.build());
        var later = OpenCredentials.withKeyset(file);
        assertThat(later.open(ACCOUNT, sealed)).containsEntry("apiKey", "new");
        assertThatThrownBy(() -> later.open(ACCOUNT, old)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void keepsTheKeysOfBeforeWhileTheFileCannotBeRead() throws Exception {
        var worker = OpenCredentials.withKeyset(file);
        byte[] sealed = worker.seal(ACCOUNT, Map.of("apiKey", "k"));
        Files.writeString(file, "half of a key");

        assertThatThrownBy(() -> worker.open(ACCOUNT, new byte[] {1, 2, 3}))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(worker.open(ACCOUNT, sealed)).containsEntry("apiKey", "k");
    }

    private void write(KeysetHandle handle) throws Exception {
        keys = handle;
        Files.writeString(file, TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get()));
    }
}
