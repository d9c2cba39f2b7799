package io.tributary.scheduler.credentials;

import io.tributary.schemas.RefreshAccess;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an access token expires, as credentials have it under {@code expiresAt}: RFC 3339, or digits, which are seconds
 * since the epoch up to 99,999,999,999 (the year 5138) and milliseconds from there on.
 */
public final class AccessExpiry {

    private static final long SECONDS_BELOW = 100_000_000_000L;

    private AccessExpiry() {}

    /** Empty when it is no time. */
    public static Optional<Instant> parse(String text) {
        try {
            if (text.matches("\\d{1,16}")) {
                long number = Long.parseLong(text);
                return Optional.of(
                        number < SECONDS_BELOW ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** When the access that these credentials give shall be renewed; null: it cannot be, or nobody knows when. */
    public static @Nullable Instant refreshAt(Map<String, ? extends @Nullable String> credentials) {
        String expiresAt = credentials.get("expiresAt");
        return credentials.get("refreshToken") == null || expiresAt == null
                ? null
                : parse(expiresAt).map(at -> at.minus(RefreshAccess.AHEAD)).orElse(null);
    }
}
