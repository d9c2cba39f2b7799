package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    @ValueSource(strings = {"", "soon", "-5", "1.5", "Wed, 99 Oct 2026 07:29:30 GMT", "99999999999999999999"})
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

    @Test
    void readsAResetInSecondsSinceTheEpoch() {
        long reset = NOW.plusSeconds(60).getEpochSecond();
        assertThat(read(Map.of("x-ratelimit-remaining", "7", "x-ratelimit-reset", Long.toString(reset)))
                        .quota())
                .contains(new Quota(7, NOW.plusSeconds(60)));
    }

    @Test
    void readsAResetInMillisecondsSinceTheEpoch() {
        long reset = NOW.plusSeconds(60).toEpochMilli();
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

    private static RateLimitHeaders read(Map<String, String> headers) {
        return new RateLimitHeaders(name -> Optional.ofNullable(headers.get(name)), NOW);
    }
}
