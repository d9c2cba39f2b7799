package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void isDueAnIntervalAfterTheLastRun() {
        assertThat(new Schedule(15, null).nextAfter(NOON)).isEqualTo("2026-04-01T12:15:00Z");
    }

    @Test
    void isDueWhenItsCronExpressionSaysSo() {
        assertThat(new Schedule(15, "0 * * * *").nextAfter(NOON)).isEqualTo("2026-04-01T13:00:00Z");
    }

    @Test
    void fallsBackOnItsIntervalWhenItsCronExpressionIsNone() {
        assertThat(new Schedule(15, "edited by hand").nextAfter(NOON)).isEqualTo("2026-04-01T12:15:00Z");
    }
}
