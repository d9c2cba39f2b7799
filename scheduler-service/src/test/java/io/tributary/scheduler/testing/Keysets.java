package io.tributary.scheduler.testing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.secrets.Keyset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A keyset as a file, and what opens what it sealed. */
public record Keysets(Path file, Aead aead) {

    /** The same as services read it. */
    public Keyset keyset() {
        try {
            return Keyset.of(file);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Keysets create(Path folder) {
        try {
            AeadConfig.register();
            var handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            Path file = Files.writeString(
                    folder.resolve("keyset.json"),
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
            return new Keysets(file, handle.getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
