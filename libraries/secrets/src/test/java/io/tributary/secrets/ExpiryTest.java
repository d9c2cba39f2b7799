package io.tributary.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"1775044800", "1775044800000", "2026-04-01T12:00:00Z", "2026-04-01T14:00:00+02:00"})
    void readsSecondsMillisecondsAndDateTimes(String text) {
        assertThat(Expiry.parse(text)).contains(Instant.parse("2026-04-01T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "", "-5", "17750448000000000", "99999999999999999999", "2026-04-01"})
    void knowsNoExpiryFromWhatIsNoTime(String text) {
        assertThat(Expiry.parse(text)).isEmpty();
    }

    @Test
    void isRefreshedAheadOfItsExpiryIfItCanBe() {
        var credentials = Map.of("refreshToken", "r", "expiresAt", "2026-04-01T12:00:00Z");

        assertThat(Expiry.refreshAt(credentials)).isEqualTo("2026-04-01T11:55:00Z");
        assertThat(Expiry.refreshAt(Map.of("refreshToken", "r"))).isNull();
        assertThat(Expiry.refreshAt(Map.of("expiresAt", "2026-04-01T12:00:00Z")))
                .isNull();
        assertThat(Expiry.refreshAt(Map.of("refreshToken", "r", "expiresAt", "soon")))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"86400, 300", "3600, 300", "1500, 300", "600, 120", "300, 60", "15, 3"})
    void isRefreshedInTheLastFifthOfAShortLife(long lifetimeSeconds, long aheadSeconds) {
        var credentials = new HashMap<>(Map.of("refreshToken", "r"));
        Expiry.store(credentials, Duration.ofSeconds(lifetimeSeconds), NOW);

        assertThat(Expiry.ahead(credentials)).hasSeconds(aheadSeconds);
        Instant scheduled = NOW.plusSeconds(lifetimeSeconds - aheadSeconds);
        assertThat(Expiry.refreshAt(credentials)).isEqualTo(lifetimeSeconds > 300 ? scheduled : null);
    }

    @Test
    void forgetsTheExpiryOfTheTokenBefore() {
        var credentials = new HashMap<>(Map.of("refreshToken", "r"));
        Expiry.store(credentials, Duration.ofHours(1), NOW);
        Expiry.store(credentials, null, NOW);

        assertThat(credentials).containsOnlyKeys("refreshToken");
    }
}
