package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.runs.SyncRun.Tasks;
import org.junit.jupiter.api.Test;

class SyncRunTest {

    @Test
    void countsTheInitialTaskAsPendingFromTheStart() {
        assertThat(Tasks.of(0, 0, 0).pending()).isEqualTo(1);
        assertThat(Tasks.of(10, 6, 2).pending()).isEqualTo(3);
        assertThat(Tasks.of(0, 1, 0).pending()).isZero();
    }
}
