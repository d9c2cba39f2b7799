package io.tributary.egress;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header Retry-After: seconds or a date (RFC 9110, section 10.2.3). */
public final class RetryAfter {

    private RetryAfter() {}

    /**
     * The wait that the header requests, 0 and up; empty: it is unreadable.
     *
     * @param header as it was sent
     * @param clock what a date is compared with
     */
    public static Optional<Duration> wait(String header, Clock clock) {
        String value = header.strip();
        try {
            Duration wait = value.matches("\\d{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
