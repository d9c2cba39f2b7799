package io.tributary.integrations.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads what the headers of an answer say about waiting and quotas.
 *
 * <ul>
 *   <li>{@code Retry-After}: seconds or a date (RFC 9110, section 10.2.3);
 *   <li>{@code x-ratelimit-remaining} and {@code x-ratelimit-reset}: the latter in seconds since the epoch (GitHub, "Rate
 *       limits for the REST API") or seconds from now, as other providers have it: what is below 1,000,000,000 counts
 *       from now;
 *   <li>{@code ratelimit-remaining} and {@code ratelimit-reset}: seconds from now
 *       (draft-ietf-httpapi-ratelimit-headers-07).
 * </ul>
 *
 * <p>A header that cannot be read is taken as absent.
 */
public final class RateLimitHeaders {

    private static final long SMALLEST_EPOCH = 1_000_000_000;
    private static final long SMALLEST_EPOCH_MILLIS = 100_000_000_000L;
    private static final long LONGEST_WAIT_SECONDS = Duration.ofDays(366).toSeconds();

    private final Function<String, Optional<String>> headers;
    private final Instant now;

    /**
     * @param headers the value of a header by its lower-case name, such as {@code HttpHeaders::firstValue}
     * @param now when the answer came
     */
    public RateLimitHeaders(Function<String, Optional<String>> headers, Instant now) {
        this.headers = headers;
        this.now = now;
    }

    /** How long {@code Retry-After} asks to wait, 0 and up. */
    public Optional<Duration> retryAfter() {
        return headers.apply("retry-after").map(String::strip).flatMap(this::wait);
    }

    /** What is left of the quota. */
    public Optional<Quota> quota() {
        return quota("x-ratelimit-").or(() -> quota("ratelimit-"));
    }

    /**
     * How long to wait before the next request: what {@code Retry-After} says, or else until an exhausted quota starts
     * anew, or else the given time.
     */
    public Duration waitOr(Duration otherwise) {
        return retryAfter()
                .or(() -> quota().filter(quota -> quota.remaining() == 0).map(quota -> untilThen(quota.resetsAt())))
                .orElse(otherwise);
    }

    private Optional<Quota> quota(String prefix) {
        OptionalLong remaining = number(headers.apply(prefix + "remaining"));
        OptionalLong reset = number(headers.apply(prefix + "reset"));
        if (remaining.isEmpty() || reset.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Quota(remaining.getAsLong(), time(reset.getAsLong())));
    }

    private Instant time(long reset) {
        if (reset >= SMALLEST_EPOCH_MILLIS) {
            return Instant.ofEpochMilli(reset);
        }
        return reset >= SMALLEST_EPOCH ? Instant.ofEpochSecond(reset) : now.plusSeconds(reset);
    }

    private Optional<Duration> wait(String value) {
        OptionalLong seconds = number(Optional.of(value));
        if (seconds.isPresent()) {
            return Optional.of(Duration.ofSeconds(Math.min(seconds.getAsLong(), LONGEST_WAIT_SECONDS)));
        }
        try {
            return Optional.of(untilThen(ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Duration untilThen(Instant then) {
        return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    }

    private static OptionalLong number(Optional<String> header) {
        String digits = header.map(String::strip).orElse("");
        return digits.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }
}
