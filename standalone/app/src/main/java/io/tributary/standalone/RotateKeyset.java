package io.tributary.standalone;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;

/**
 * The steps of a rotation of the credentials keyset, in their order; each writes the file as a whole. Between two steps
 * every service has to read the file: a service that does not know a key yet cannot open what it has sealed.
 */
public final class RotateKeyset {

    private final Path file;

    public RotateKeyset(Path file) {
        this.file = file;
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /** Adds a key that opens and does not seal yet; returns its id. */
    public int add() {
        KeysetHandle keys = read();
        var key = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId();
        KeysetHandle more = build(KeysetHandle.newBuilder(keys).addEntry(key));
        write(more);
        return more.getAt(more.size() - 1).getId();
    }

    /** Makes the key that was added last the one that seals; returns its id. */
    public int promote() {
        var builder = KeysetHandle.newBuilder(read());
        builder.getAt(builder.size() - 1).makePrimary();
        KeysetHandle keys = build(builder);
        write(keys);
        return keys.getPrimary().getId();
    }

    /** Disables every key but the one that seals; returns how many. Only when no secret needs them any more. */
    public int disableOld() {
        var builder = KeysetHandle.newBuilder(read());
        int disabled = 0;
        for (int i = 0; i < builder.size(); i++) {
            var entry = builder.getAt(i);
            if (!entry.isPrimary() && entry.getStatus() == KeyStatus.ENABLED) {
                entry.setStatus(KeyStatus.DISABLED);
                disabled++;
            }
        }
        write(build(builder));
        return disabled;
    }

    private KeysetHandle read() {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(file), RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the keyset " + file + " (" + e.getClass().getSimpleName() + ")", e);
        } catch (GeneralSecurityException _) {
            throw new UserError("the keyset " + file + " is not a Tink JSON keyset of AEAD keys");
        }
    }

    private static KeysetHandle build(KeysetHandle.Builder builder) {
        try {
            return builder.build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset cannot be changed", e);
        }
    }

    private void write(KeysetHandle keys) {
        try {
            Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "keyset-", null, DataDir.ownerOnly());
            Files.writeString(
                    whole,
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            keys, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserError("cannot write the keyset " + file + ": make its folder writable", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset cannot be written", e);
        }
    }
}
