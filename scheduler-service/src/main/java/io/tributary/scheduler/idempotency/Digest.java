package io.tributary.scheduler.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells one request from another without keeping it. A body may hold credentials, and who has a dump of the table should
 * not find them by trying: hence salted and slow.
 */
final class Digest {

    private static final int SALT_BYTES = 16;
    private static final int ITERATIONS = 10_000;
    private static final int BITS = 256;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Digest() {}

    /** The digest of a request, each time another one. */
    static byte[] of(String line, byte[] body) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salted(salt, line, body);
    }

    /** Whether it is the digest of that request. */
    static boolean matches(byte[] digest, String line, byte[] body) {
        byte[] salt = Arrays.copyOf(digest, SALT_BYTES);
        return MessageDigest.isEqual(digest, salted(salt, line, body));
    }

    private static byte[] salted(byte[] salt, String line, byte[] body) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(line.getBytes(UTF_8));
            sha.update((byte) '\n');
            char[] fast = HexFormat.of().formatHex(sha.digest(body)).toCharArray();
            byte[] slow = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(fast, salt, ITERATIONS, BITS))
                    .getEncoded();
            byte[] digest = Arrays.copyOf(salt, SALT_BYTES + slow.length);
            System.arraycopy(slow, 0, digest, SALT_BYTES, slow.length);
            return digest;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256 and PBKDF2", e);
        }
    }
}
