package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.runs.SyncRun.Tasks;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SyncRunTest {

    private static final Instant START = Instant.parse("2026-04-01T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(60);

    @Test
    void countsTheInitialTaskAsPendingFromTheStart() {
        assertThat(Tasks.of(0, 0, 0).pending()).isEqualTo(1);
        assertThat(Tasks.of(10, 6, 2).pending()).isEqualTo(3);
        assertThat(Tasks.of(0, 1, 0).pending()).isZero();
    }

    @Test
    void estimatesByThePaceSoFar() {
        assertThat(SyncRun.etaSeconds(Tasks.of(99, 30, 10), START, null, NOW)).isEqualTo(90);
    }

    @Test
    void addsTheWaitThatTheProviderAskedFor() {
        assertThat(SyncRun.etaSeconds(Tasks.of(99, 40, 0), START, NOW.plusSeconds(30), NOW))
                .isEqualTo(120);
        assertThat(SyncRun.etaSeconds(Tasks.of(99, 40, 0), START, NOW.minusSeconds(30), NOW))
                .isEqualTo(90);
    }

    @Test
    void doesNotGuessWithoutAPace() {
        assertThat(SyncRun.etaSeconds(Tasks.of(0, 0, 0), START, null, NOW)).isNull();
        assertThat(SyncRun.etaSeconds(Tasks.of(9, 1, 0), null, null, NOW)).isNull();
    }
}
