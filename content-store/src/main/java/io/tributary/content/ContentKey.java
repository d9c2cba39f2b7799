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
 * What an object of the store is called: {@code 2026-04/<user integration>/<SHA-256 of the content>}.
 *
 * <p>By its content, so that a task that is executed again stores nothing twice. By the month in which it was stored, so
 * that a month that is over gets no new objects: whoever collects what no row refers to, in months long over, cannot
 * meet somebody who is about to refer to the same content again.
 *
 * @param month in UTC, of the years 2000 to 2999
 * @param userIntegrationId whose content it is
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

    /** Of content that is stored now. */
    public static ContentKey of(UUID userIntegrationId, byte[] content, Instant now) {
        return new ContentKey(YearMonth.from(now.atOffset(ZoneOffset.UTC)), userIntegrationId, sha256(content));
    }

    /** Reads what {@link #toString} wrote; empty where it is something else. */
    public static Optional<ContentKey> parse(String key) {
        Matcher form = FORM.matcher(key);
        return form.matches()
                ? Optional.of(
                        new ContentKey(YearMonth.parse(form.group(1)), UUID.fromString(form.group(2)), form.group(3)))
                : Optional.empty();
    }

    /** The key in a reference, wherever the store that it names was at the time; empty where there is none. */
    public static Optional<ContentKey> in(String reference) {
        return reference.length() < LENGTH ? Optional.empty() : parse(reference.substring(reference.length() - LENGTH));
    }

    /** As a part of the store's own address, which ends with a slash. */
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
