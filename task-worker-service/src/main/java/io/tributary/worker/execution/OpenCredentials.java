package io.tributary.worker.execution;

import io.tributary.secrets.Keyset;
import io.tributary.worker.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
     * @throws IllegalStateException when the file is missing or not such a keyset; the message names the remedy
     */
    public static OpenCredentials withKeyset(Path keyset) {
        try {
            return new OpenCredentials(Keyset.of(keyset));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot read the credentials key " + keyset
                            + ": set tributary.credentials.keyset to the same Tink AEAD keyset that the scheduler uses",
                    e);
        }
    }

    /** @throws GeneralSecurityException when they were sealed with another key, or for another user integration */
    Map<String, String> open(UUID userIntegrationId, byte[] sealed) throws GeneralSecurityException {
        String json = new String(keyset.open(sealed, userIntegrationId), StandardCharsets.UTF_8);
        var values = new HashMap<String, String>();
        try {
            Json.readObject(json).values().forEach((name, value) -> {
                if (value != null) {
                    values.put(name, value.toString());
                }
            });
        } catch (JacksonException e) {
            // Without its cause, which would quote the unreadable text.
            throw new GeneralSecurityException("the credentials are not a JSON object");
        }
        return values;
    }

    /** Seals values for {@link #open}. */
    byte[] seal(UUID userIntegrationId, Map<String, String> values) {
        return keyset.seal(Json.MAPPER.writeValueAsBytes(values), userIntegrationId);
    }

    /** Seals names of credentials for an account, so that a placeholder of one cannot be made up. */
    Secrets.Placeholders placeholders(UUID userIntegrationId) {
        return new Secrets.Placeholders() {
            @Override
            public String seal(String name) {
                byte[] sealed = keyset.seal(name.getBytes(StandardCharsets.UTF_8), userIntegrationId);
                return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
            }

            @Override
            public @Nullable String open(String sealed) {
                try {
                    byte[] opened = keyset.open(Base64.getUrlDecoder().decode(sealed), userIntegrationId);
                    return new String(opened, StandardCharsets.UTF_8);
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    return null; // Of another account or key, or made up: it stays as it is.
                }
            }
        };
    }
}
