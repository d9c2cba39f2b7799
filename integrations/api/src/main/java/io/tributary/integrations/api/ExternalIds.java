package io.tributary.integrations.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The limit of external ids, in bytes since an index entry of Postgres holds at most 2,704 of them. */
final class ExternalIds {

    private static final int MAX_BYTES = 2_048;

    /** A character has at most three bytes; one beyond the Basic Multilingual Plane has four and counts as two. */
    private static final int SHORT = MAX_BYTES / 3;

    private ExternalIds() {}

    /** @throws IllegalArgumentException the id is empty or too long */
    static void check(String id) {
        int bytes = id.length() <= SHORT ? id.length() : id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("an externalId has 1 to 2,048 bytes of UTF-8, not " + bytes);
        }
    }

    /** The id itself, or its hash if it is too long. */
    static String fitting(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_BYTES ? id : "sha256:" + HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
