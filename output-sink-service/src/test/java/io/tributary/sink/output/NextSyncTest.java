package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextSyncTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:30Z");

    /** The largest chance can give. */
    private static final RandomGenerator MOST = new Random() {
        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    /** The least. */
    private static final RandomGenerator LEAST = new Random() {
        @Override
        public long nextLong(long bound) {
            return 0;
        }
    };

    @ParameterizedTest
    @CsvSource({"1,PT6S", "5,PT30S", "10,PT1M", "15,PT1M", "525600,PT1M"})
    void addsToTheIntervalATenthOfItAtMostAndNeverMoreThanAMinute(int minutes, Duration most) {
        assertThat(next(LEAST, minutes, null)).isEqualTo(NOW.plus(Duration.ofMinutes(minutes)));
        assertThat(next(MOST, minutes, null))
                .isEqualTo(NOW.plus(Duration.ofMinutes(minutes)).plus(most));
    }

    @ParameterizedTest
    @CsvSource({
        "0 9 * * *,2026-03-02T09:00:00Z,PT1M",
        "*/5 * * * *,2026-03-01T12:05:00Z,PT30S",
        "0 */5 * * * *,2026-03-01T12:05:00Z,PT30S",
        "' 40 * * * * * ',2026-03-01T12:00:40Z,PT6S"
    })
    void followsACronExpressionOfFiveOrSixFields(String cron, Instant next, Duration most) {
        assertThat(next(LEAST, 15, cron)).isEqualTo(next);
        assertThat(next(MOST, 15, cron)).isEqualTo(next.plus(most));
    }

    @Test
    void isNeverWhenTheExpressionNamesNoTimeToCome() {
        assertThat(next(LEAST, 15, "0 0 0 30 2 *")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"nonsense", "1 2 3", "99 * * * *", "''"})
    void fallsBackToTheIntervalWhereTheExpressionCannotBeRead(String cron) {
        assertThat(next(LEAST, 15, cron)).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    }

    private static @Nullable Instant next(RandomGenerator random, int minutes, @Nullable String cron) {
        return new NextSync(random).after(NOW, new UserIntegration(new UUID(1, 1), "active", minutes, cron));
    }
}
