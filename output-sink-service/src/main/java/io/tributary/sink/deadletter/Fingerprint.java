package io.tributary.sink.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Identifies the cause of a failure: all dead letters of the same cause have the same fingerprint, of 16 hexadecimal
 * digits.
 */
final class Fingerprint {

    private static final int BYTES = 8;

    /** The parts that differ between two messages of the same cause: ids, long hexadecimal words, numbers. */
    private static final Pattern PARTICULAR =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
                    + "|\\b(?=[a-zA-Z_-]*[0-9])[0-9a-zA-Z_-]{12,}\\b"
                    + "|[0-9]+");

    private Fingerprint() {}

    /** @param message only its words count */
    static String of(String errorCode, String domain, String taskType, String message) {
        String cause = String.join(
                "\n", errorCode, domain, taskType, PARTICULAR.matcher(message).replaceAll("#"));
        return HexFormat.of().formatHex(sha256().digest(cause.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
