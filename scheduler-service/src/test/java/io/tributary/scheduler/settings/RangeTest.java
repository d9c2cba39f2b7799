package io.tributary.scheduler.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTest {

    private static final Range<Integer> ATTEMPTS = Range.between(1, 100, "1 to 100");

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 100})
    void acceptsItsEnds(int value) {
        assertThatCode(() -> ATTEMPTS.check(value, "tributary.webhooks.attempts"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101})
    void namesTheSettingAndTheRange(int value) {
        assertThatThrownBy(() -> ATTEMPTS.check(value, "tributary.webhooks.attempts"))
                .hasMessage("tributary.webhooks.attempts is " + value + "; it must be 1 to 100");
    }

    @Test
    void mayHaveNoUpperEnd() {
        var range = Range.atLeast(Duration.ofMinutes(1), "1 min and up");

        assertThatCode(() -> range.check(Duration.ofDays(1_000), "learn-for")).doesNotThrowAnyException();
        assertThatThrownBy(() -> range.check(Duration.ofSeconds(59), "learn-for"))
                .hasMessage("learn-for is PT59S; it must be 1 min and up");
    }
}
