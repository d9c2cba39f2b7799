package io.tributary.scheduler.credentials;

import io.tributary.secrets.Keyset;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seals the credentials of a user integration: the ciphertext of their JSON object, bound to the integration's id, so
 * that it opens in that row only.
 */
@Component
public record SealCredentials(Keyset keyset) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    /** The value of the column credentials: null without credentials. Each call returns different bytes. */
    public byte @Nullable [] seal(UUID userIntegrationId, Map<String, ? extends @Nullable String> credentials) {
        if (credentials.isEmpty()) {
            return null;
        }
        return sealJson(userIntegrationId, credentials);
    }

    /** Opens credentials that {@link #seal} sealed. */
    public Map<String, String> open(UUID userIntegrationId, byte[] sealed) {
        return JSON.readValue(openBytes(userIntegrationId, sealed), STRINGS);
    }

    /** Seals a value as JSON, bound to the user integration. */
    public byte[] sealJson(UUID userIntegrationId, Object value) {
        return keyset.seal(JSON.writeValueAsBytes(value), userIntegrationId);
    }

    /** Opens a value that {@link #sealJson} sealed. */
    public <T> T openJson(UUID userIntegrationId, byte[] sealed, Class<T> type) {
        return JSON.readValue(openBytes(userIntegrationId, sealed), type);
    }

    private byte[] openBytes(UUID userIntegrationId, byte[] sealed) {
        try {
            return keyset.open(sealed, userIntegrationId);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret does not open with this keyset", e);
        }
    }
}
