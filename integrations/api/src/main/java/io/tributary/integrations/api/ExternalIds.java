package io.tributary.integrations.api;

import java.nio.charset.StandardCharsets;

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
}
