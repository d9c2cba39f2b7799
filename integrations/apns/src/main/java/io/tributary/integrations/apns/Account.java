package io.tributary.integrations.apns;

import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a connection depends on: two tasks with equal accounts share one. {@link #toString} holds no secret.
 *
 * @param privateKey in PEM, PKCS #8
 * @param trustedCertificate in PEM; null: what the JVM trusts
 */
record Account(
        String host,
        int port,
        String keyId,
        String teamId,
        String topic,
        String privateKey,
        @Nullable String trustedCertificate) {

    private static final String PRODUCTION = "https://api.push.apple.com";
    private static final int HTTPS = 443;

    /**
     * @throws TaskFailure.Unauthorized when there is no key
     * @throws TaskFailure.Misconfigured {@code apns.configInvalid} when the config does not match its schema
     */
    static Account of(TaskContext context) throws TaskFailure {
        JsonObject config = context.config();
        try {
            URI base = URI.create(context.baseUrl(PRODUCTION));
            if (base.getHost() == null || !"https".equals(base.getScheme())) {
                throw new IllegalArgumentException("baseUrl is no https URL");
            }
            return new Account(
                    base.getHost(),
                    base.getPort() < 0 ? HTTPS : base.getPort(),
                    config.requireText("keyId"),
                    config.requireText("teamId"),
                    config.requireText("topic"),
                    context.credentials().require("privateKey"),
                    config.text("trustedCertificate").orElse(null));
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Misconfigured(
                    "apns.configInvalid", "The config does not match its schema: " + e.getMessage(), e);
        }
    }

    /** @throws TaskFailure.Unauthorized when this is no private key; without its cause, which may quote the key */
    ApnsSigningKey signingKey() throws TaskFailure.Unauthorized {
        String pem = privateKey.replace("\\n", "\n").strip();
        try {
            return ApnsSigningKey.loadFromInputStream(
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)), teamId, keyId);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
            throw new TaskFailure.Unauthorized(
                    "apns.keyInvalid",
                    "The private key cannot sign: give the content of the file AuthKey_....p8 that Apple gave, from"
                            + " -----BEGIN PRIVATE KEY----- on.",
                    null);
        }
    }

    @Override
    public String toString() {
        return "Account[" + topic + " at " + host + ":" + port + "]";
    }
}
