package io.tributary.scheduler.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seals the credentials of a user integration: the ciphertext of their JSON object, bound to the integration's id, so
 * that it opens in that row only.
 */
public final class SealCredentials {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Aead aead;

    public SealCredentials(Aead aead) {
        this.aead = aead;
    }

    /** What goes into the column credentials: null when there are none. Each call gives other bytes. */
    public byte @Nullable [] seal(UUID userIntegrationId, Map<String, ? extends @Nullable String> credentials) {
        if (credentials.isEmpty()) {
            return null;
        }
        byte[] plain = JSON.writeValueAsBytes(credentials);
        try {
            return aead.encrypt(plain, userIntegrationId.toString().getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("credentials cannot be sealed", e);
        }
    }
}
