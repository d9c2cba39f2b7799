package io.tributary.scheduler.credentials;

import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.maintenance.MaintenanceJob;
import io.tributary.secrets.Keyset;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the keyset; without it the service does not start. */
@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {

    @Bean
    Keyset keyset(CredentialsProperties properties) {
        if (properties.keyset() == null || properties.keyset().isBlank()) {
            throw new CannotStart(
                    "tributary.credentials.keyset is not set: credentials cannot be sealed.",
                    "Set TRIBUTARY_CREDENTIALS_KEYSET to the path of a Tink JSON keyset (AES256-GCM).",
                    null);
        }
        return read(Path.of(properties.keyset()));
    }

    /**
     * A pass over all secrets, for those that another service sealed with an older key before it read the new one. The
     * job has the key in its name, since a new job runs immediately: a start with a new key does not wait, and a start
     * with the same key reads nothing.
     */
    @Bean
    MaintenanceJob sealAgain(ResealSecrets reseal, Keyset keyset) {
        return new MaintenanceJob(
                "reseal-" + keyset.primary().prefix(), Duration.ofMinutes(10), Duration.ofHours(1), reseal::run);
    }

    private static Keyset read(Path file) {
        try {
            return Keyset.of(file);
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
