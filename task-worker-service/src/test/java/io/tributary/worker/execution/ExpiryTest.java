package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Credentials;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    @ParameterizedTest
    @ValueSource(strings = {"1775044800", "1775044800000", "2026-04-01T12:00:00Z", "2026-04-01T14:00:00+02:00"})
    void readsSecondsMillisecondsAndDateTimes(String text) {
        assertThat(of(text)).contains(Instant.parse("2026-04-01T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "", "-5", "99999999999999999999", "2026-04-01"})
    void knowsNoExpiryFromWhatIsNoTime(String text) {
        assertThat(of(text)).isEmpty();
    }

    @Test
    void knowsNoExpiryWhereNoneIsSaid() {
        assertThat(Expiry.of(Credentials.none())).isEmpty();
    }

    private static java.util.Optional<Instant> of(String text) {
        return Expiry.of(new Credentials(Map.of("expiresAt", text)));
    }
}
