package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class SinkProgressTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SinkProgress progress = new SinkProgress(nanos::get);

    @Test
    void isDownOnlyWhileAThreadHangs() {
        progress.begins();
        nanos.addAndGet(SinkProgress.STUCK_AFTER.toNanos());
        assertThat(progress.health().getStatus()).isEqualTo(Status.UP);

        nanos.addAndGet(1);
        assertThat(progress.health().getStatus()).isEqualTo(Status.DOWN);

        progress.ends();
        assertThat(progress.health().getStatus()).isEqualTo(Status.UP);
    }
}
