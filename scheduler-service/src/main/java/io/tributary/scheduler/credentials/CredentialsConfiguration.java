package io.tributary.scheduler.credentials;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import io.tributary.scheduler.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the keyset; without it the service does not start. */
@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {

    @Bean
    SealCredentials sealCredentials(CredentialsProperties properties) {
        if (properties.keyset() == null || properties.keyset().isBlank()) {
            throw new CannotStart(
                    "tributary.credentials.keyset is not set: credentials cannot be sealed.",
                    "Set TRIBUTARY_CREDENTIALS_KEYSET to the path of a Tink JSON keyset (AES256-GCM).",
                    null);
        }
        return new SealCredentials(read(Path.of(properties.keyset())));
    }

    private static Aead read(Path file) {
        try {
            AeadConfig.register();
            return TinkJsonProtoKeysetFormat.parseKeyset(
                            Files.readString(file), RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (IOException e) {
            throw unusable(file, "the file cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (GeneralSecurityException _) {
            // Without the cause, whose message may quote the key.
            throw unusable(file, "it is not a Tink JSON keyset of AEAD keys", null);
        }
    }

    private static CannotStart unusable(Path file, String why, @Nullable Exception cause) {
        return new CannotStart(
                "The keyset " + file + " cannot be used: " + why + ".",
                "Let TRIBUTARY_CREDENTIALS_KEYSET name a readable Tink JSON keyset (AES256-GCM).",
                cause);
    }
}
