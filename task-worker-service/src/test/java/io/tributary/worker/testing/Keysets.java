package io.tributary.worker.testing;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Keysets of the tests. */
public final class Keysets {

    private Keysets() {}

    /** A new keyset. */
    public static KeysetHandle generate() throws GeneralSecurityException {
        AeadConfig.register();
        return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
    }

    /** Writes a keyset to a file in the folder, and returns the file. */
    public static Path write(KeysetHandle keyset, Path folder) throws IOException, GeneralSecurityException {
        return Files.writeString(
                folder.resolve("keyset.json"),
                TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()));
    }

    /** Writes a new keyset to a file in the folder, and returns the file. */
    public static Path write(Path folder) throws IOException, GeneralSecurityException {
        return write(generate(), folder);
    }
}
