package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextAfterRunTest {

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
        assertThat(next(MOST, NOW, schedule(null, Duration.ofSeconds(300), false)))
                .isEqualTo(NOW.plus(Duration.ofMinutes(20)));
    }

    @Test
    void queuesOneForTimesThatCameDuringTheRun() {
        Schedule byInterval = schedule(null, null, true);
        Schedule byCron = schedule("0 * * * *", null, true);

        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(40)), byInterval)).isEqualTo(NOW);
        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(40)), byCron)).isEqualTo(NOW);
        assertThat(next(LEAST, NOW.minus(Duration.ofMinutes(5)), byInterval))
                .isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(next(LEAST, NOW.minus(Duration.ofSeconds(20)), byCron)).isEqualTo("2026-03-01T13:00:00Z");
    }

    @Test
    void waitsTwiceAsLongAfterEachFurtherFailureUpToFourHours() {
        Schedule schedule = schedule(null, Duration.ZERO, true);

        assertThat(afterFailure(schedule, 1)).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
        assertThat(afterFailure(schedule, 2)).isEqualTo(NOW.plus(Duration.ofMinutes(30)));
        assertThat(afterFailure(schedule, 5)).isEqualTo(NOW.plus(Duration.ofHours(4)));
        assertThat(afterFailure(schedule, 1_000)).isEqualTo(NOW.plus(Duration.ofHours(4)));
    }

    @Test
    void waitsNoLongerThanItsPeriodAfterFailuresWhenThatIsLonger() {
        Schedule daily = schedule(1_440, null, ZoneOffset.UTC, Duration.ZERO, false);

        assertThat(afterFailure(daily, 7)).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void passesOverTimesOfACronExpressionAfterFailures() {
        Schedule hourly = schedule("0 * * * *", Duration.ZERO, false);

        assertThat(afterFailure(hourly, 1)).isEqualTo("2026-03-01T13:00:00Z");
        assertThat(afterFailure(hourly, 2)).isEqualTo("2026-03-01T14:00:00Z");
        assertThat(afterFailure(hourly, 9)).isEqualTo("2026-03-01T16:00:00Z");
    }

    private static Instant afterFailure(Schedule schedule, int failures) {
        return schedule.nextAfterFailure(failures, NOW, LEAST);
    }

    private static Schedule schedule(@Nullable String cron, @Nullable Duration jitter, boolean queuesOne) {
        return schedule(15, cron, ZoneOffset.UTC, jitter, queuesOne);
    }

    private static Schedule schedule(
            int minutes, @Nullable String cron, ZoneId zone, @Nullable Duration jitter, boolean queuesOne) {
        return new Schedule(
                Duration.ofMinutes(minutes),
                cron == null ? null : Cron.parse(cron),
                zone,
                jitter,
                queuesOne,
                true,
                List.of());
    }

    private static Instant inBerlin(String cron, String now) {
        Schedule schedule = schedule(15, cron, ZoneId.of("Europe/Berlin"), Duration.ZERO, false);
        return schedule.nextAfterRun(Instant.parse(now), Instant.parse(now), LEAST);
    }

    private static Instant next(RandomGenerator random, int minutes, @Nullable String cron) {
        return next(random, NOW, schedule(minutes, cron, ZoneOffset.UTC, null, false));
    }

    private static Instant next(RandomGenerator random, Instant queuedAt, Schedule schedule) {
        return schedule.nextAfterRun(queuedAt, NOW, random);
    }
}
