package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextAfterChangeTest {

    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(3));

    @Test
    void countsANewIntervalFromTheLastRun() {
        assertThat(next(null, NOW.minus(Duration.ofMinutes(5)), LATER)).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void isDueNowWhenTheNewIntervalIsOver() {
        assertThat(next(null, NOW.minus(Duration.ofHours(1)), LATER)).isEqualTo(NOW);
    }

    @Test
    void countsFromNowWhenNothingWasSyncedYet() {
        assertThat(next(null, null, LATER)).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void takesTheNextTimeOfANewCronExpression() {
        assertThat(next("30 * * * *", NOW.minus(Duration.ofHours(9)), LATER)).isEqualTo("2026-04-01T12:30:00Z");
    }

    @Test
    void keepsATimeThatHasComeAndNoTimeDuringARun() {
        assertThat(next(null, null, NOW)).isEqualTo(NOW);
        assertThat(next(null, null, null)).isNull();
    }

    private static @Nullable Instant next(@Nullable String cron, @Nullable Instant last, @Nullable Instant next) {
        Cron parsed = cron == null ? null : Cron.parse(cron);
        return new Schedule(Duration.ofMinutes(15), parsed, ZoneOffset.UTC, null, false, true, List.of())
                .nextAfterChange(last, next, NOW);
    }
}
