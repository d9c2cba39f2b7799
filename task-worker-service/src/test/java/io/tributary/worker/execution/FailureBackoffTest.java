package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schedule.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailureBackoffTest {

    private static final UUID ID = new UUID(0, 1);

    private final FailureBackoff backoff = new FailureBackoff(
            new Backoff(Duration.ofSeconds(5), 2, Duration.ofSeconds(30), 0),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void doublesUpToTheLongest() {
        assertThat(backoff.failed(ID, null)).hasSeconds(5);
        assertThat(backoff.failed(ID, null)).hasSeconds(10);
        assertThat(backoff.failed(ID, null)).hasSeconds(20);
        assertThat(backoff.failed(ID, null)).hasSeconds(30);
        assertThat(backoff.remaining(ID)).hasSeconds(30);
    }

    @Test
    void waitsWhatWasAskedFor() {
        assertThat(backoff.failed(ID, Duration.ofSeconds(77))).hasSeconds(77);
        assertThat(backoff.remaining(ID)).hasSeconds(77);
    }

    @Test
    void startsOverOnceItWorked() {
        backoff.failed(ID, null);
        backoff.failed(ID, null);

        backoff.forget(ID);

        assertThat(backoff.remaining(ID)).isZero();
        assertThat(backoff.failed(ID, null)).hasSeconds(5);
    }
}
