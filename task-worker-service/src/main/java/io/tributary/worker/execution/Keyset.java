package io.tributary.worker.execution;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that credentials are sealed with, from a mounted file. The file is read again when it has changed, so that
 * keys are rotated while the worker runs: within 5 s, and at once where a text does not open. While the file cannot be
 * read, the keys of before stay. Thread safe.
 */
final class Keyset {

    private static final Logger LOG = LoggerFactory.getLogger(Keyset.class);
    private static final long LOOK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path file;
    private volatile Keys keys;
    private volatile long lookedAtNanos = System.nanoTime();

    private record Keys(String text, Aead aead) {}

    /** @throws IllegalStateException when it is not there or no keyset; says what to do */
    Keyset(Path file) {
        this.file = file;
        try {
            AeadConfig.register();
            this.keys = read();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot read the credentials key " + file
                            + ": set tributary.credentials.keyset to the same Tink AEAD keyset that the scheduler uses",
                    e);
        }
    }

    byte[] open(byte[] sealed, byte[] boundTo) throws GeneralSecurityException {
        try {
            return current().decrypt(sealed, boundTo);
        } catch (GeneralSecurityException e) {
            // Sealed with a key that is newer than what we know?
            if (reload()) {
                return keys.aead().decrypt(sealed, boundTo);
            }
            throw e;
        }
    }

    byte[] seal(byte[] plain, byte[] boundTo) {
        try {
            return current().encrypt(plain, boundTo);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("credentials cannot be sealed", e);
        }
    }

    private Aead current() {
        if (System.nanoTime() - lookedAtNanos > LOOK_AFTER_NANOS) {
            reload();
        }
        return keys.aead();
    }

    /** Returns whether there are other keys than before. */
    private synchronized boolean reload() {
        lookedAtNanos = System.nanoTime();
        try {
            String text = Files.readString(file);
            if (text.equals(keys.text())) {
                return false;
            }
            keys = read();
            LOG.info("the credentials keyset has changed and was read again");
            return true;
        } catch (IOException | GeneralSecurityException e) {
            // Without the cause, whose message may quote a key.
            LOG.warn(
                    "polling.keysetUnreadable: the credentials keyset cannot be read again, the keys of before stay file={} reason={}",
                    file,
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private Keys read() throws IOException, GeneralSecurityException {
        String text = Files.readString(file);
        return new Keys(
                text,
                TinkJsonProtoKeysetFormat.parseKeyset(text, InsecureSecretKeyAccess.get())
                        .getPrimitive(RegistryConfiguration.get(), Aead.class));
    }
}
