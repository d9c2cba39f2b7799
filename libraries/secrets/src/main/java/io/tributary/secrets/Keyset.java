package io.tributary.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that secrets are sealed with, from a mounted file. A secret is bound to the id of its row and opens in that
 * row only. A changed file is read again, so that keys can be rotated while the service runs: within 5 s, and
 * immediately if a secret does not open. While the file cannot be read, the old keys stay. Thread safe.
 */
public final class Keyset {

    private static final Logger log = LoggerFactory.getLogger(Keyset.class);
    private static final long LOOK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path file;
    private volatile Keys keys;
    private volatile long lookedAtNanos = System.nanoTime();

    /**
     * A key of the set.
     *
     * @param id as in the file
     * @param prefix the first bytes of every secret that it has sealed, hexadecimal
     * @param primary whether it seals
     */
    public record Key(int id, String prefix, boolean primary) {}

    private record Keys(String text, Aead aead, List<Key> all) {
        Key primary() {
            return all.stream().filter(Key::primary).findFirst().orElseThrow();
        }
    }

    private Keyset(Path file) throws IOException, GeneralSecurityException {
        this.file = file;
        this.keys = read();
    }

    /**
     * Reads a Tink keyset of AEAD keys, in JSON and in clear: a mounted secret, readable by this process only.
     *
     * @throws IOException when the file cannot be read
     * @throws GeneralSecurityException when it is no such keyset. Its message may quote a key
     */
    public static Keyset of(Path file) throws IOException, GeneralSecurityException {
        AeadConfig.register();
        return new Keyset(file);
    }

    /** Seals with the primary key; each call returns different bytes. */
    public byte[] seal(byte[] plain, UUID boundTo) {
        try {
            return current().aead().encrypt(plain, associated(boundTo));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret cannot be sealed", e);
        }
    }

    /** @throws GeneralSecurityException when it was sealed with another key, or for another row */
    public byte[] open(byte[] sealed, UUID boundTo) throws GeneralSecurityException {
        try {
            return current().aead().decrypt(sealed, associated(boundTo));
        } catch (GeneralSecurityException e) {
            // The key may be newer than the ones that were read.
            if (reload()) {
                return keys.aead().decrypt(sealed, associated(boundTo));
            }
            throw e;
        }
    }

    private static byte[] associated(UUID boundTo) {
        return boundTo.toString().getBytes(UTF_8);
    }

    /** The enabled keys of the present file. */
    public List<Key> keys() {
        return current().all();
    }

    /** The key that seals. */
    public Key primary() {
        return current().primary();
    }

    private Keys current() {
        if (System.nanoTime() - lookedAtNanos > LOOK_AFTER_NANOS) {
            reload();
        }
        return keys;
    }

    /** Reads the file now; returns whether the keys have changed. */
    public synchronized boolean reload() {
        lookedAtNanos = System.nanoTime();
        try {
            if (Files.readString(file).equals(keys.text())) {
                return false;
            }
            keys = read();
            log.info(
                    "credentials.keysetRead: the keyset has changed and was read again primary={}",
                    keys.primary().id());
            return true;
        } catch (IOException | GeneralSecurityException e) {
            // Without the cause, whose message may quote a key.
            log.warn(
                    "polling.keysetUnreadable: the credentials keyset cannot be read again, the old keys stay file={}"
                            + " reason={}",
                    file,
                    e.getClass().getSimpleName());
            return false;
        }
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
