package io.tributary.worker.execution;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import io.tributary.integrations.api.Credentials;
import io.tributary.worker.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/**
 * Opens credentials that the scheduler sealed: Tink AEAD over a JSON object, bound to the id of the user integration,
 * so that a row's credentials open as that row's only. Thread safe.
 */
public final class OpenCredentials {

    private final Aead key;

    private OpenCredentials(Aead key) {
        this.key = key;
    }

    /**
     * Reads the key.
     *
     * @param keyset a Tink keyset in JSON, in clear: a mounted secret, readable by this process only
     * @throws IllegalStateException when it is not there or not such a keyset; says what to do
     */
    public static OpenCredentials withKeyset(Path keyset) {
        try {
            AeadConfig.register();
            String json = Files.readString(keyset);
            Aead key = TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get())
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
            return new OpenCredentials(key);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot read the credentials key " + keyset
                            + ": set tributary.credentials.keyset to the same Tink AEAD keyset that the scheduler uses",
                    e);
        }
    }

    /** @throws GeneralSecurityException when they were sealed with another key, or for another user integration */
    Credentials open(UUID userIntegrationId, byte[] sealed) throws GeneralSecurityException {
        byte[] boundTo = userIntegrationId.toString().getBytes(StandardCharsets.UTF_8);
        String json = new String(key.decrypt(sealed, boundTo), StandardCharsets.UTF_8);
        var values = new HashMap<String, String>();
        try {
            Json.readObject(json).values().forEach((name, value) -> {
                if (value != null) {
                    values.put(name, value.toString());
                }
            });
        } catch (JacksonException e) {
            // Without its cause: that would quote what it could not read.
            throw new GeneralSecurityException("the credentials are not a JSON object");
        }
        return new Credentials(values);
    }
}
