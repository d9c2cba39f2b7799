package io.tributary.secrets;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The expiry of an access token, as in {@code expiresAt} of credentials: RFC 3339, or up to 16 digits, which are
 * seconds since the epoch up to 99,999,999,999 (the year 5138) and milliseconds from there on.
 */
public final class Expiry {

    /** Longest time before its expiry that an access token is renewed; also used where its lifetime is unknown. */
    public static final Duration LONGEST_AHEAD = Duration.ofMinutes(5);

    /** An access token is renewed in the last fifth of its life, so that a short one serves several tasks. */
    private static final int SHARE_AHEAD = 5;

    /** Lifetime of the access token when it was issued; sealed with the credentials, and no credential. */
    private static final String LIFETIME = "tributary.lifetimeSeconds";

    private static final String EXPIRES_AT = "expiresAt";

    private static final long SECONDS_BELOW = 100_000_000_000L;

    private Expiry() {}

    /** Empty when it is not a time. */
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

    /** Notes the lifetime of a new access token in its credentials; null: unknown. */
    public static void store(Map<String, String> credentials, @Nullable Duration lifetime, Instant now) {
        if (lifetime == null) {
            credentials.remove(EXPIRES_AT);
            credentials.remove(LIFETIME);
        } else {
            credentials.put(EXPIRES_AT, now.plus(lifetime).toString());
            credentials.put(LIFETIME, Long.toString(lifetime.toSeconds()));
        }
    }

    /** How long before its expiry the access token is renewed: 5 minutes, or a fifth of its life if that is less. */
    public static Duration ahead(Map<String, ? extends @Nullable String> credentials) {
        String lifetime = credentials.get(LIFETIME);
        if (lifetime == null || !lifetime.matches("\\d{1,12}")) {
            return LONGEST_AHEAD;
        }
        Duration share = Duration.ofSeconds(Long.parseLong(lifetime)).dividedBy(SHARE_AHEAD);
        return share.compareTo(LONGEST_AHEAD) < 0 ? share : LONGEST_AHEAD;
    }

    /**
     * When a system run renews the access token of credentials. Null: it cannot be renewed, its expiry is unknown, or
     * its life is so short that the tasks that use it renew it.
     */
    public static @Nullable Instant refreshAt(Map<String, ? extends @Nullable String> credentials) {
        String expiresAt = credentials.get(EXPIRES_AT);
        Duration ahead = ahead(credentials);
        boolean lives = ahead.multipliedBy(SHARE_AHEAD).compareTo(LONGEST_AHEAD) > 0;
        return credentials.get("refreshToken") == null || expiresAt == null || !lives
                ? null
                : parse(expiresAt).map(at -> at.minus(ahead)).orElse(null);
    }
}
