package io.tributary.scheduler.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seals the credentials of a user integration: the ciphertext of their JSON object, bound to the integration's id, so
 * that it opens in that row only.
 */
public final class SealCredentials {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private final Aead aead;

    public SealCredentials(Aead aead) {
        this.aead = aead;
    }

    /** What goes into the column credentials: null when there are none. Each call gives other bytes. */
    public byte @Nullable [] seal(UUID userIntegrationId, Map<String, ? extends @Nullable String> credentials) {
        if (credentials.isEmpty()) {
            return null;
        }
        return sealJson(userIntegrationId, credentials);
    }

    /** Opens what {@link #seal} sealed. */
    public Map<String, String> open(UUID userIntegrationId, byte[] sealed) {
        return JSON.readValue(openBytes(userIntegrationId, sealed), STRINGS);
    }

    /** Seals a value as JSON, bound to the user integration. */
    public byte[] sealJson(UUID userIntegrationId, Object value) {
        byte[] plain = JSON.writeValueAsBytes(value);
        try {
            return aead.encrypt(plain, userIntegrationId.toString().getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("credentials cannot be sealed", e);
        }
    }

    /** Opens what {@link #sealJson} sealed. */
    public <T> T openJson(UUID userIntegrationId, byte[] sealed, Class<T> type) {
        return JSON.readValue(openBytes(userIntegrationId, sealed), type);
    }

    private byte[] openBytes(UUID userIntegrationId, byte[] sealed) {
        try {
            return aead.decrypt(sealed, userIntegrationId.toString().getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what was sealed does not open with this keyset", e);
        }
    }
}
