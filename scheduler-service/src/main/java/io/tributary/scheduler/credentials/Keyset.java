package io.tributary.scheduler.credentials;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that secrets are sealed with, from a mounted file. The file is read again when it has changed, so that keys
 * are rotated while the service runs: within 5 s, and at once where something does not open. While the file cannot be
 * read, the keys of before stay. Thread safe.
 */
public final class Keyset implements Aead {

    private static final Logger log = LoggerFactory.getLogger(Keyset.class);
    private static final long LOOK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path file;
    private volatile Keys keys;
    private volatile long lookedAtNanos = System.nanoTime();

    /**
     * A key of the set.
     *
     * @param id as in the file
     * @param prefix what begins everything it has sealed, hexadecimal
     */
    public record Key(int id, String prefix, boolean primary) {}

    private record Keys(String text, Aead aead, List<Key> all) {}

    private Keyset(Path file) throws IOException, GeneralSecurityException {
        this.file = file;
        this.keys = read();
    }

    static Keyset of(Path file) throws IOException, GeneralSecurityException {
        AeadConfig.register();
        return new Keyset(file);
    }

    @Override
    public byte[] encrypt(byte[] plain, byte[] boundTo) throws GeneralSecurityException {
        return current().aead().encrypt(plain, boundTo);
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] boundTo) throws GeneralSecurityException {
        try {
            return current().aead().decrypt(sealed, boundTo);
        } catch (GeneralSecurityException e) {
            // Sealed with a key that is newer than what we know?
            if (reload()) {
                return keys.aead().decrypt(sealed, boundTo);
            }
            throw e;
        }
    }

    /** The enabled keys, as the file has them now. */
    List<Key> keys() {
        return current().all();
    }

    /** The key that seals. */
    Key primary() {
        return keys().stream().filter(Key::primary).findFirst().orElseThrow();
    }

    private Keys current() {
        if (System.nanoTime() - lookedAtNanos > LOOK_AFTER_NANOS) {
            reload();
        }
        return keys;
    }

    /** Returns whether there are other keys than before. */
    synchronized boolean reload() {
        lookedAtNanos = System.nanoTime();
        try {
            if (Files.readString(file).equals(keys.text())) {
                return false;
            }
            keys = read();
            log.info("the credentials keyset has changed and was read again primary={}", primaryOf(keys));
            return true;
        } catch (IOException | GeneralSecurityException e) {
            // Without the cause, whose message may quote a key.
            log.warn(
                    "the credentials keyset cannot be read again, the keys of before stay code=polling.keysetUnreadable"
                            + " file={} reason={}",
                    file,
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private static int primaryOf(Keys keys) {
        return keys.all().stream()
                .filter(Key::primary)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private Keys read() throws IOException, GeneralSecurityException {
        String text = Files.readString(file);
        KeysetHandle handle =
                TinkJsonProtoKeysetFormat.parseKeyset(text, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
        var all = new ArrayList<Key>();
        for (int i = 0; i < handle.size(); i++) {
            var entry = handle.getAt(i);
            if (entry.getKey() instanceof AeadKey key) {
                byte[] prefix = key.getOutputPrefix().toByteArray();
                all.add(new Key(entry.getId(), HexFormat.of().formatHex(prefix), entry.isPrimary()));
            }
        }
        return new Keys(text, handle.getPrimitive(RegistryConfiguration.get(), Aead.class), List.copyOf(all));
    }
}
