package io.tributary.integrations.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the headers of a response about waits and quotas.
 *
 * <ul>
 *   <li>{@code Retry-After}: seconds or a date (RFC 9110, section 10.2.3); {@code retry-after-ms} and
 *       {@code x-ms-retry-after-ms} of Microsoft and OpenAI;
 *   <li>{@code x-ratelimit-remaining} and {@code x-ratelimit-reset}; the same spelt {@code x-rate-limit-} (X, Okta);
 *       {@code -reset-after} (Discord); {@code -remaining-requests} with {@code -reset-requests} (OpenAI);
 *   <li>{@code ratelimit-remaining} and {@code ratelimit-reset}: seconds from now
 *       (draft-ietf-httpapi-ratelimit-headers-03), and {@code RateLimit} with both in its value, in the forms of the
 *       drafts 07 and 10.
 * </ul>
 *
 * <p>A wait is a number of seconds, also with a fraction, a duration such as {@code 6m0s}, or a time in any form of
 * {@link Times}. A number from
 * 1,000,000,000 on is a time since the epoch if that is at most a year away; all others count from now. Of a list of
 * numbers, one for each window, the least quota and the longest wait count. An unreadable header counts as absent.
 */
public final class RateLimitHeaders {

    private static final BigDecimal SMALLEST_EPOCH = new BigDecimal(1_000_000_000);
    private static final Duration LONGEST_WAIT = Duration.ofDays(366);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,19}(\\.\\d{1,9})?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|[smhd])");
    private static final Pattern DURATIONS = Pattern.compile("(?:" + DURATION.pattern() + ")+");
    private static final Pattern STRUCTURED = Pattern.compile("\\b(remaining|reset|r|t)\\s*=\\s*(\\d{1,15})");

    /** Names of a quota and of the time when it starts anew. */
    private record Names(String remaining, String reset) {}

    private static final List<Names> NAMES = List.of(
            new Names("x-ratelimit-remaining", "x-ratelimit-reset"),
            new Names("x-ratelimit-remaining", "x-ratelimit-reset-after"),
            new Names("ratelimit-remaining", "ratelimit-reset"),
            new Names("x-rate-limit-remaining", "x-rate-limit-reset"),
            new Names("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
            new Names("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"));

    private final Function<String, Optional<String>> headers;
    private final Instant now;

    /**
     * @param headers the value of a header by its lower-case name, such as {@code HttpHeaders::firstValue}
     * @param now time of the response
     */
    public RateLimitHeaders(Function<String, Optional<String>> headers, Instant now) {
        this.headers = headers;
        this.now = now;
    }

    /** The wait in {@code Retry-After}, 0 and up. */
    public Optional<Duration> retryAfter() {
        return longestWait("retry-after").or(() -> millis("retry-after-ms")).or(() -> millis("x-ms-retry-after-ms"));
    }

    /** The remaining quota; of several, the least. */
    public Optional<Quota> quota() {
        return Stream.concat(NAMES.stream().flatMap(names -> quota(names).stream()), structured().stream())
                .min(Comparator.comparingLong(Quota::remaining));
    }

    /** Whether the quota is exhausted. */
    public boolean isExhausted() {
        return quota().filter(quota -> quota.remaining() == 0).isPresent();
    }

    /**
     * The wait before the next request: as in {@code Retry-After}, or else until an exhausted quota starts anew, or one
     * that does not say how much is left, or else the given time.
     */
    public Duration waitOr(Duration otherwise) {
        return retryAfter()
                .or(() -> quota().filter(quota -> quota.remaining() == 0).map(quota -> untilThen(quota.resetsAt())))
                .or(this::resetAlone)
                .orElse(otherwise);
    }

    private Optional<Duration> resetAlone() {
        return NAMES.stream()
                .filter(names -> header(names.remaining).isEmpty())
                .flatMap(names -> longestWait(names.reset).stream())
                .findFirst();
    }

    private Optional<Quota> quota(Names names) {
        Optional<BigDecimal> remaining =
                items(names.remaining).flatMap(item -> number(item).stream()).min(Comparator.naturalOrder());
        return remaining.flatMap(left -> longestWait(names.reset)
                .map(wait -> new Quota(left.setScale(0, RoundingMode.FLOOR).longValue(), now.plus(wait))));
    }

    /** {@code limit=100, remaining=0, reset=30} or {@code "default";r=0;t=30}. */
    private Optional<Quota> structured() {
        Optional<Long> remaining = Optional.empty();
        Optional<Long> reset = Optional.empty();
        Matcher parameter = STRUCTURED.matcher(header("ratelimit").orElse(""));
        while (parameter.find()) {
            Optional<Long> value = Optional.of(Long.valueOf(parameter.group(2)));
            switch (parameter.group(1)) {
                case "remaining", "r" -> remaining = remaining.or(() -> value);
                default -> reset = reset.or(() -> value);
            }
        }
        return remaining.isPresent() && reset.isPresent()
                ? Optional.of(new Quota(remaining.get(), now.plus(bounded(Duration.ofSeconds(reset.get())))))
                : Optional.empty();
    }

    private Optional<String> header(String name) {
        return headers.apply(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** A header that came several times, or for several windows, is a list. Dates have commas too, and letters. */
    private Stream<String> items(String name) {
        String value = header(name).orElse("");
        return value.matches("[\\d.,;\\s].*") && !value.matches(".*[A-Za-z].*")
                ? Stream.of(value.split(","))
                        .map(item -> item.replaceFirst(";.*", "").strip())
                : Stream.of(value);
    }

    private Optional<Duration> longestWait(String name) {
        return items(name).flatMap(item -> wait(item).stream()).max(Comparator.naturalOrder());
    }

    private Optional<Duration> wait(String value) {
        Optional<BigDecimal> number = number(value);
        if (number.isPresent()) {
            Duration seconds = seconds(number.get());
            return number.get().compareTo(SMALLEST_EPOCH) < 0
                    ? Optional.of(seconds)
                    : Times.ofEpoch(number.get())
                            .filter(this::isNear)
                            .map(this::untilThen)
                            .or(() -> Optional.of(seconds));
        }
        return DURATIONS.matcher(value.toLowerCase(Locale.ROOT)).matches()
                ? Optional.of(bounded(sum(value.toLowerCase(Locale.ROOT))))
                : Times.parse(value).filter(_ -> !value.startsWith("-")).map(this::untilThen);
    }

    private Optional<Duration> millis(String name) {
        return number(header(name).orElse("")).map(millis -> bounded(seconds(millis.movePointLeft(3))));
    }

    private static Duration sum(String durations) {
        Duration sum = Duration.ZERO;
        Matcher each = DURATION.matcher(durations);
        while (each.find()) {
            BigDecimal value = new BigDecimal(each.group(1));
            sum = sum.plus(
                    switch (each.group(2)) {
                        case "ms" -> seconds(value.movePointLeft(3));
                        case "m" -> seconds(value.multiply(BigDecimal.valueOf(60)));
                        case "h" -> seconds(value.multiply(BigDecimal.valueOf(3_600)));
                        case "d" -> seconds(value.multiply(BigDecimal.valueOf(86_400)));
                        default -> seconds(value);
                    });
        }
        return sum;
    }

    private static Duration seconds(BigDecimal seconds) {
        BigDecimal most = seconds.min(BigDecimal.valueOf(LONGEST_WAIT.toSeconds()));
        return Duration.ofNanos(
                most.movePointRight(9).setScale(0, RoundingMode.CEILING).longValue());
    }

    private boolean isNear(Instant then) {
        return Duration.between(now, then).abs().compareTo(LONGEST_WAIT) <= 0;
    }

    private Duration untilThen(Instant then) {
        return then.isAfter(now) ? bounded(Duration.between(now, then)) : Duration.ZERO;
    }

    private static Duration bounded(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
