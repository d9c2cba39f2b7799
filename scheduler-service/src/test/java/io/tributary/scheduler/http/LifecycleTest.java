package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static final Instant START = Instant.parse("2026-04-01T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(60);

    @Test
    void estimatesByTheSpeedSoFar() {
        assertThat(Lifecycle.etaSeconds(START, NOW, 40, 60, null)).isEqualTo(90);
    }

    @Test
    void addsTheWaitThatTheProviderRequested() {
        assertThat(Lifecycle.etaSeconds(START, NOW, 40, 60, NOW.plusSeconds(30)))
                .isEqualTo(120);
        assertThat(Lifecycle.etaSeconds(START, NOW, 40, 60, NOW.minusSeconds(30)))
                .isEqualTo(90);
    }

    @Test
    void doesNotGuessWithoutASpeed() {
        assertThat(Lifecycle.etaSeconds(START, NOW, 0, 1, null)).isNull();
        assertThat(Lifecycle.etaSeconds(null, NOW, 1, 9, null)).isNull();
    }
}
