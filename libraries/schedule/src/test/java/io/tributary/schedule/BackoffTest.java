package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.25);

    @ParameterizedTest
    @CsvSource({"0,PT1S", "1,PT1S", "2,PT2S", "6,PT32S", "7,PT1M", "2147483647,PT1M"})
    void doublesUpToItsCap(int failures, Duration wait) {
        assertThat(BACKOFF.after(failures)).isEqualTo(wait);
    }

    @Test
    void spreadsWaitsByItsJitter() {
        assertThat(BACKOFF.after(3, chance(0))).isEqualTo(Duration.ofSeconds(3));
        assertThat(BACKOFF.after(3, chance(0.5))).isEqualTo(Duration.ofSeconds(4));
        assertThat(BACKOFF.after(3, chance(1))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void rejectsACapBelowItsFirstWait() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, 2, Duration.ofSeconds(1), 0));
    }

    private static RandomGenerator chance(double chance) {
        return new Random() {
            @Override
            public double nextDouble() {
                return chance;
            }
        };
    }
}
