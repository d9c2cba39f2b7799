package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * When an access token expires, as credentials have it under {@code expiresAt}: RFC 3339, or digits, which are seconds
 * since the epoch up to 99,999,999,999 (the year 5138) and milliseconds from there on.
 */
final class Expiry {

    private static final long SECONDS_BELOW = 100_000_000_000L;

    private Expiry() {}

    /** Empty when nothing is said, or nothing that is a time. */
    static Optional<Instant> of(Credentials credentials) {
        return credentials.find("expiresAt").flatMap(Expiry::parse);
    }

    private static Optional<Instant> parse(String text) {
        try {
            if (text.matches("\\d{1,18}")) {
                long number = Long.parseLong(text);
                return Optional.of(
                        number < SECONDS_BELOW ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
