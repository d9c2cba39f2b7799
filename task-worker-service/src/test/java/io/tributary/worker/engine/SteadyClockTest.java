package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private long wallMillis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private long nanos = -5;
    private final InstantSource wall = () -> Instant.ofEpochMilli(wallMillis);
    private final SteadyClock clock = new SteadyClock(wall.withZone(ZoneOffset.UTC), () -> nanos);

    private void pass(Duration time) {
        wallMillis += time.toMillis();
        nanos += time.toNanos();
    }

    @Test
    void followsTheWallClockWhereItGoesAsTimeDoes() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMinutes(10));
            wallMillis += 30; // it is adjusted all the time
            assertThat(clock.millis()).isBetween(wallMillis - 1, wallMillis + 1);
        }
    }

    @Test
    void followsAStepBitByBitAndHowOftenItIsReadDoesNotMatter() {
        long before = clock.millis();
        wallMillis += Duration.ofDays(7).toMillis();

        for (int i = 0; i < 10_000; i++) {
            clock.millis();
        }
        assertThat(clock.millis() - before).isLessThan(5);
        for (int i = 0; i < 1_000; i++) {
            pass(Duration.ofMillis(1));
            clock.millis();
        }
        assertThat(clock.millis() - before).isBetween(20_000L, 22_000L);
        pass(Duration.ofHours(9));
        assertThat(clock.millis()).isEqualTo(wallMillis);
    }

    @Test
    void forgetsAStepThatIsTakenBack() {
        long before = clock.millis();
        wallMillis -= Duration.ofDays(1).toMillis();
        pass(Duration.ofSeconds(1));
        clock.millis();
        wallMillis += Duration.ofDays(1).toMillis();
        pass(Duration.ofSeconds(2));

        assertThat(clock.millis()).isEqualTo(before + 3_000);
    }
}
