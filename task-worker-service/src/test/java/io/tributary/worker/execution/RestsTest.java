package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RestsTest {

    private static final UUID ID = new UUID(0, 1);

    private final Rests rests =
            new Rests(Duration.ofSeconds(5), Duration.ofSeconds(30), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void doublesUpToTheLongest() {
        assertThat(rests.failed(ID, null)).hasSeconds(5);
        assertThat(rests.failed(ID, null)).hasSeconds(10);
        assertThat(rests.failed(ID, null)).hasSeconds(20);
        assertThat(rests.failed(ID, null)).hasSeconds(30);
        assertThat(rests.remaining(ID)).hasSeconds(30);
    }

    @Test
    void waitsWhatWasAskedFor() {
        assertThat(rests.failed(ID, Duration.ofSeconds(77))).hasSeconds(77);
        assertThat(rests.remaining(ID)).hasSeconds(77);
    }

    @Test
    void startsOverOnceItWorked() {
        rests.failed(ID, null);
        rests.failed(ID, null);

        rests.forget(ID);

        assertThat(rests.remaining(ID)).isZero();
        assertThat(rests.failed(ID, null)).hasSeconds(5);
    }
}
