package io.tributary.content;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an object of the store: {@code 2026-04/<user integration>/<SHA-256 of the content>}.
 *
 * <p>The name has the hash of the content, so that a task that is executed again stores nothing twice. It has the month
 * of storage, so that a past month gets no new objects: removing objects without references in past months cannot race
 * with a new reference to the same content.
 *
 * @param month in UTC, of the years 2000 to 2999
 * @param userIntegrationId owner of the content
 * @param sha256 64 digits, lower case
 */
public record ContentKey(YearMonth month, UUID userIntegrationId, String sha256) {

    /** Every key has this many characters; a reference ends with its key. */
    public static final int LENGTH = 7 + 1 + 36 + 1 + 64;

    private static final Pattern FORM =
            Pattern.compile("(2\\d{3}-(?:0[1-9]|1[0-2]))/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9a-f]{64})");

    public ContentKey {
        if (month.getYear() < 2000 || month.getYear() > 2999 || sha256.length() != 64) {
            throw new IllegalArgumentException("no key: " + month + " " + sha256);
        }
    }

    /** The key of content that is stored now. */
    public static ContentKey of(UUID userIntegrationId, byte[] content, Instant now) {
        return new ContentKey(YearMonth.from(now.atOffset(ZoneOffset.UTC)), userIntegrationId, sha256(content));
    }

    /** Parses the result of {@link #toString}; empty for any other text. */
    public static Optional<ContentKey> parse(String key) {
        Matcher form = FORM.matcher(key);
        return form.matches()
                ? Optional.of(
                        new ContentKey(YearMonth.parse(form.group(1)), UUID.fromString(form.group(2)), form.group(3)))
                : Optional.empty();
    }

    /** The key in a reference, whatever store the reference names; empty if there is none. */
    public static Optional<ContentKey> in(String reference) {
        return reference.length() < LENGTH ? Optional.empty() : parse(reference.substring(reference.length() - LENGTH));
    }

    /** The reference under the store's address, which ends with a slash. */
    URI under(URI store) {
        return store.resolve(toString());
    }

    @Override
    public String toString() {
        return month + "/" + userIntegrationId + "/" + sha256;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
