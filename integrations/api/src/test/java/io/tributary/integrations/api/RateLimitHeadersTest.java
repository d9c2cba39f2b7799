package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitHeadersTest {

    private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

    @Test
    void readsSecondsToWait() {
        assertThat(read(Map.of("retry-after", "120")).retryAfter()).contains(Duration.ofMinutes(2));
    }

    @Test
    void readsADateToWaitUntil() {
        assertThat(read(Map.of("retry-after", "Wed, 21 Oct 2026 07:29:30 GMT")).retryAfter())
                .contains(Duration.ofSeconds(90));
        assertThat(read(Map.of("retry-after", "Wed, 21 Oct 2026 07:00:00 GMT")).retryAfter())
                .contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1,5 s", "Wed, 99 Oct 2026 07:29:30 GMT", "99999999999999999999"})
    void takesWhatItCannotReadAsAbsent(String value) {
        assertThat(read(Map.of("retry-after", value)).retryAfter()).isEmpty();
        assertThat(read(Map.of("x-ratelimit-remaining", value, "x-ratelimit-reset", "10"))
                        .quota())
                .isEmpty();
    }

    @Test
    void boundsAnAbsurdWait() {
        assertThat(read(Map.of("retry-after", "999999999999")).retryAfter()).contains(Duration.ofDays(366));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000})
    void readsAResetInSecondsOrMillisecondsSinceTheEpoch(long unitsInASecond) {
        long reset = NOW.plusSeconds(60).getEpochSecond() * unitsInASecond;
        assertThat(read(Map.of("x-ratelimit-remaining", "7", "x-ratelimit-reset", Long.toString(reset)))
                        .quota())
                .contains(new Quota(7, NOW.plusSeconds(60)));
    }

    @Test
    void readsAResetInSecondsFromNow() {
        assertThat(read(Map.of("ratelimit-remaining", "0", "ratelimit-reset", "5"))
                        .quota())
                .contains(new Quota(0, NOW.plusSeconds(5)));
    }

    @Test
    void waitsForTheResetOfAnExhaustedQuotaWhenNothingElseIsSaid() {
        assertThat(read(Map.of("ratelimit-remaining", "0", "ratelimit-reset", "5"))
                        .waitOr(Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(read(Map.of("ratelimit-remaining", "3", "ratelimit-reset", "5"))
                        .waitOr(Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofMinutes(1));
    }

    /** All say one minute from {@link #NOW}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        retry-after                                        | 60.0
        retry-after                                        | 59.5
        retry-after                                        | 60s
        retry-after                                        | 1m0s
        retry-after                                        | 1792567740
        retry-after                                        | Wednesday, 21-Oct-26 07:29:00 GMT
        retry-after                                        | Wed Oct 21 07:29:00 2026
        retry-after                                        | Wed, 21 Oct 2026 07:29:00 UTC
        retry-after                                        | Mon, 21 Oct 2026 09:29:00 +0200
        retry-after                                        | 2026-10-21T07:29:00Z
        retry-after                                        | 2026-10-21 07:29:00
        retry-after-ms                                     | 60000
        x-ms-retry-after-ms                                | 59999.5
        x-ratelimit-remaining;x-ratelimit-reset            | 0.0;60
        x-ratelimit-remaining;x-ratelimit-reset            | 0;60.0
        x-ratelimit-remaining;x-ratelimit-reset            | 0.75;1792567740
        x-ratelimit-remaining;x-ratelimit-reset            | 0;1792567740.0
        x-ratelimit-remaining;x-ratelimit-reset            | 0;1792567740000
        x-ratelimit-remaining;x-ratelimit-reset            | 0;2026-10-21T07:29:00Z
        x-ratelimit-remaining;x-ratelimit-reset            | 0;2026-10-21T09:29:00.000+0200
        x-ratelimit-remaining;x-ratelimit-reset            | 0;Wed, 21 Oct 2026 07:29:00 GMT
        x-ratelimit-remaining;x-ratelimit-reset            | 0;Wed Oct 21 07:29:00 UTC 2026
        x-ratelimit-remaining;x-ratelimit-reset            | 100, 0;10, 60
        x-ratelimit-remaining;x-ratelimit-reset-after      | 0;60.000
        x-rate-limit-remaining;x-rate-limit-reset          | 0;1792567740
        ratelimit-remaining;ratelimit-reset                | 0;60
        x-ratelimit-remaining-requests;x-ratelimit-reset-requests | 0;1m0s
        x-ratelimit-remaining-tokens;x-ratelimit-reset-tokens     | 0;60000ms
        x-ratelimit-reset                                  | 60
        """)
    void readsAWaitInEveryFormThatProvidersWrite(String names, String values) {
        var headers = new HashMap<String, String>();
        for (int i = 0; i < names.split(";").length; i++) {
            headers.put(names.split(";")[i], values.split(";")[i]);
        }

        assertThat(read(headers).waitOr(Duration.ofSeconds(30)))
                .isBetween(Duration.ofMillis(59_400), Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=100, remaining=0, reset=60",
                "\"default\";r=0;t=60",
                "\"burst\";r=0;t=60, \"day\";r=7;t=9",
                "limit=100; remaining=0; reset=60"
            })
    void readsQuotaAndResetInOneHeader(String value) {
        assertThat(read(Map.of("ratelimit", value)).quota()).contains(new Quota(0, NOW.plusSeconds(60)));
    }

    @Test
    void takesTheLeastOfSeveralQuotas() {
        assertThat(read(Map.of(
                                "x-ratelimit-remaining-requests", "12",
                                "x-ratelimit-reset-requests", "1s",
                                "x-ratelimit-remaining-tokens", "0",
                                "x-ratelimit-reset-tokens", "6m0s"))
                        .quota())
                .contains(new Quota(0, NOW.plusSeconds(360)));
    }

    /** Values of Retry-After on which other clients failed, by their public reports; empty: none is stated. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        SpaceTradersAPI/api-docs#24     | 0.493                                  | PT0.493S
        hol-guard#1103                  | Wed, 21 Oct 2026 07:28:30 GMT          | PT30S
        confluencebuilder#634           | 60                                     | PT1M
        cowrie#40539                    | Wed, 21 Oct 2015 07:28:00 GMT          | PT0S
        nab#596, beyond the calendar    | Fri, 31 Dec 99999 23:59:59 GMT         |
        nab#596, digits without end     | 99999999999999999999999999999999999999 |
        WebexPythonSDK#181              | rand(30),add(30)                       |
        """)
    void readsARetryAfterThatOthersFailedOn(String report, String value, @Nullable Duration wait) {
        assertThat(read(Map.of("retry-after", value)).retryAfter()).as(report).isEqualTo(Optional.ofNullable(wait));
    }

    private static RateLimitHeaders read(Map<String, String> headers) {
        return new RateLimitHeaders(name -> Optional.ofNullable(headers.get(name)), NOW);
    }
}
