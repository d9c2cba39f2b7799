package io.tributary.scheduler.http;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The times that requests may name. */
public final class Times {

    public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    public static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** Longest time from a request to what it starts. */
    private static final Duration MAX_AHEAD = Duration.ofDays(366);

    private Times() {}

    /**
     * The time at which a request starts something.
     *
     * @param runAt an RFC 3339 date-time up to a year from now; null, or in the past: now
     */
    public static Instant startOf(@Nullable String runAt, String path, Instant now, Violations violations) {
        if (runAt == null) {
            return now;
        }
        try {
            Instant time = OffsetDateTime.parse(runAt).toInstant();
            if (time.isBefore(now.plus(MAX_AHEAD))) {
                return time.isBefore(now) ? now : time;
            }
            violations.add(path, "must be within a year from now");
        } catch (DateTimeParseException _) {
            violations.add(path, "must be an RFC 3339 date-time such as 2026-04-01T12:00:00Z");
        }
        return now;
    }

    /** Checks a time of a request; null is valid. */
    public static void check(@Nullable Instant time, String path, Violations violations) {
        violations.check(time == null || isValid(time), path, "must be of years 1 to 9999");
    }

    /** The microseconds since the epoch of a time, for a cursor. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /**
     * The time of a cursor.
     *
     * @throws IllegalArgumentException it is none that requests may name
     */
    public static Instant ofMicros(String text) {
        Instant time = Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS);
        if (!isValid(time)) {
            throw new IllegalArgumentException("out of range");
        }
        return time;
    }

    private static boolean isValid(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
    }
}
