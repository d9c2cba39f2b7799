package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.worker.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/**
 * Opens credentials that the scheduler sealed, and seals renewed ones the same way: Tink AEAD over a JSON object, bound
 * to the id of the user integration, so that a row's credentials open as that row's only. Thread safe.
 */
public final class OpenCredentials {

    private final Keyset keyset;

    private OpenCredentials(Keyset keyset) {
        this.keyset = keyset;
    }

    /**
     * Reads the key.
     *
     * @param keyset a Tink keyset in JSON, in clear: a mounted secret, readable by this process only; read again when
     *     it changes
     * @throws IllegalStateException when it is not there or not such a keyset; says what to do
     */
    public static OpenCredentials withKeyset(Path keyset) {
        return new OpenCredentials(new Keyset(keyset));
    }

    /** @throws GeneralSecurityException when they were sealed with another key, or for another user integration */
    Credentials open(UUID userIntegrationId, byte[] sealed) throws GeneralSecurityException {
        return new Credentials(values(userIntegrationId, sealed));
    }

    /** The same with all of their keys. */
    Map<String, String> values(UUID userIntegrationId, byte[] sealed) throws GeneralSecurityException {
        String json = new String(keyset.open(sealed, boundTo(userIntegrationId)), StandardCharsets.UTF_8);
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
        return values;
    }

    /** What {@link #values} opens. */
    byte[] seal(UUID userIntegrationId, Map<String, String> values) {
        return keyset.seal(Json.MAPPER.writeValueAsBytes(values), boundTo(userIntegrationId));
    }

    private static byte[] boundTo(UUID userIntegrationId) {
        return userIntegrationId.toString().getBytes(StandardCharsets.UTF_8);
    }
}
