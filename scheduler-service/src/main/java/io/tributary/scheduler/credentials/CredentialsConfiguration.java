package io.tributary.scheduler.credentials;

import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.housekeeping.Duty;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Reads the keyset; without it the service does not start. */
@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {

    /** How often it is looked whether there is a new key to seal with. */
    private static final Duration EVERY = Duration.ofSeconds(5);

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

    @Bean
    SealCredentials sealCredentials(Keyset keyset) {
        return new SealCredentials(keyset);
    }

    @Bean
    ResealSecrets resealSecrets(JdbcClient jdbc, Keyset keyset) {
        return new ResealSecrets(jdbc, keyset);
    }

    @Bean
    SchedulingConfigurer resealing(ResealSecrets reseal) {
        return registrar -> registrar.addFixedDelayTask(reseal::runIfKeyIsNew, EVERY);
    }

    /**
     * A pass over all accounts, for what another service sealed with an older key for as long as it had not read the new one.
     * It is named after the key because a duty's first time is at once: who starts with a new key does not wait, and who
     * starts with the same one reads nothing.
     */
    @Bean
    Duty sealAgain(ResealSecrets reseal, Keyset keyset) {
        return new Duty(
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
