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

    @Test
    void followsTheClocksOfItsZoneAcrossTheirChange() {
        // On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, at 01:00 UTC; on 25 October back from 03:00.
        assertThat(inBerlin("30 2 * * *", "2026-03-29T00:59:59Z")).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(inBerlin("30 2 * * *", "2026-03-29T01:30:00Z")).isEqualTo("2026-03-30T00:30:00Z");
        assertThat(inBerlin("30 2 * * *", "2026-10-25T00:30:00Z")).isEqualTo("2026-10-26T01:30:00Z");
        assertThat(inBerlin("30 * * * *", "2026-10-25T00:30:00Z")).isEqualTo("2026-10-25T01:30:00Z");
        assertThat(inBerlin("30 * * * *", "2026-03-29T00:30:00Z")).isEqualTo("2026-03-29T01:30:00Z");
    }

    @Test
    void takesTheJitterThatItsScheduleNames() {
        var schedule = new Schedule(Duration.ofMinutes(15), null, "UTC", Duration.ofSeconds(300), false);

        assertThat(next(MOST, NOW, schedule)).isEqualTo(NOW.plus(Duration.ofMinutes(20)));
    }

    @Test
    void queuesOneForTimesThatCameWhileTheRunWasUnderWay() {
        var byInterval = new Schedule(Duration.ofMinutes(15), null, "UTC", null, true);
        var byCron = new Schedule(Duration.ofMinutes(15), "0 * * * *", "UTC", null, true);

        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(40)), byInterval)).isEqualTo(NOW);
        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(40)), byCron)).isEqualTo(NOW);
        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(5)), byInterval))
                .isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(next(LEAST, NOW.minus(Duration.ofSeconds(20)), byCron)).isEqualTo("2026-03-01T13:00:00Z");
    }

    private static @Nullable Instant inBerlin(String cron, String now) {
        var schedule = new Schedule(Duration.ofMinutes(15), cron, "Europe/Berlin", Duration.ZERO, false);
        return new NextSync(LEAST).after(Instant.parse(now), Instant.parse(now), schedule, new UUID(1, 1));
    }

    private static @Nullable Instant next(RandomGenerator random, int minutes, @Nullable String cron) {
        return next(random, NOW, new Schedule(Duration.ofMinutes(minutes), cron, "UTC", null, false));
    }

    private static @Nullable Instant next(RandomGenerator random, Instant begunAt, Schedule schedule) {
        return new NextSync(random).after(NOW, begunAt, schedule, new UUID(1, 1));
    }
}
