package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The assertion of a service account (RFC 7523, section 3), which a token endpoint exchanges for an access token. It is
 * signed with RS256 and valid for an hour, the most that Google accepts.
 *
 * @param issuer the service account, such as its e-mail address
 * @param subject the user for whom it asks; null: itself, which Google shows by leaving it out
 * @param scope requested scopes; empty: none
 * @param keyId names the key to the provider; null: it has no name
 */
public record SignedAssertion(
        String issuer,
        @Nullable String subject,
        String scope,
        @Nullable String keyId) {

    private static final Duration LIFETIME = Duration.ofHours(1);

    private static final String PKCS8 = "-----BEGIN PRIVATE KEY-----";
    private static final String PKCS1 = "-----BEGIN RSA PRIVATE KEY-----";

    /** In DER: version 0, and the algorithm rsaEncryption (RFC 5208, RFC 8017). */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    /**
     * The assertion for a token endpoint.
     *
     * @param privateKey an RSA key as PEM, in PKCS #8 or PKCS #1; its line breaks may be written as {@code \n}
     * @throws GeneralSecurityException when it is no such key; the message has nothing of it
     */
    public String of(URI audience, String privateKey, Clock clock) throws GeneralSecurityException {
        Instant now = clock.instant();
        var header = new LinkedHashMap<String, Object>(Map.of("alg", "RS256", "typ", "JWT"));
        if (keyId != null) {
            header.put("kid", keyId);
        }
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        if (subject != null) {
            claims.put("sub", subject);
        }
        claims.put("aud", audience.toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(LIFETIME).getEpochSecond());
        if (!scope.isEmpty()) {
            claims.put("scope", scope);
        }
        String signed = encoded(header) + "." + encoded(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key(privateKey));
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + encoded(signature.sign());
    }

    private static String encoded(Map<String, Object> json) {
        return encoded(JsonMapper.shared().writeValueAsBytes(json));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static PrivateKey key(String text) throws GeneralSecurityException {
        String pem = text.replace("\\n", "\n").strip();
        if (!pem.startsWith(PKCS8) && !pem.startsWith(PKCS1)) {
            throw new GeneralSecurityException("it is no PEM of an RSA key without a passphrase");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(pem.startsWith(PKCS8) ? der : asPkcs8(der)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // Without its cause, which may quote the key.
            throw new GeneralSecurityException("it is no RSA key");
        }
    }

    private static byte[] asPkcs8(byte[] pkcs1) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(RSA);
        content.writeBytes(element(0x04, pkcs1));
        return element(0x30, content.toByteArray());
    }

    /** An element of DER, whose length takes two bytes. */
    private static byte[] element(int tag, byte[] content) {
        var element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(0x82);
        element.write(content.length >> 8);
        element.write(content.length);
        element.writeBytes(content);
        return element.toByteArray();
    }
}
