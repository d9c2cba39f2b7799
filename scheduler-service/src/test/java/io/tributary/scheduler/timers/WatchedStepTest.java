package io.tributary.scheduler.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class WatchedStepTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-04-01T12:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void isStuckWhileItsStepDoesNotComeBackInTime() {
        var itself = new ArrayList<WatchedStep>();
        var statuses = new ArrayList<Status>();
        var repeated = repeat(() -> {
            statuses.add(health(itself.getFirst()));
            now.updateAndGet(time -> time.plus(PATIENCE).plusMillis(1));
            statuses.add(health(itself.getFirst()));
            return 1;
        });
        itself.add(repeated);

        repeated.run();

        assertThat(statuses).containsExactly(Status.UP, Status.DOWN);
        assertThat(health(repeated)).isEqualTo(Status.UP);
    }

    @Test
    void isNotStuckBetweenTwoStepsHoweverLongThatTakes() {
        var repeated = repeat(() -> 0);

        repeated.run();
        now.updateAndGet(time -> time.plus(Duration.ofDays(1)));

        assertThat(health(repeated)).isEqualTo(Status.UP);
    }

    @Test
    void isNotStuckAfterAFailure() {
        var repeated = repeat(() -> {
            throw new IllegalStateException("down");
        });

        assertThatThrownBy(repeated::run).hasMessage("down");
        now.updateAndGet(time -> time.plus(Duration.ofDays(1)));

        assertThat(health(repeated)).isEqualTo(Status.UP);
    }

    @Test
    void timesWhatFoundNothingApartFromTheRest() {
        repeat(() -> 0).run();
        repeat(() -> 7).run();
        repeat(() -> 7).run();

        assertThat(meters.get("tributary.step").tag("found", "nothing").timer().count())
                .isEqualTo(1);
        assertThat(meters.get("tributary.step")
                        .tag("found", "something")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    private WatchedStep repeat(IntSupplier step) {
        return new WatchedStep("step", step, PATIENCE, clock, meters);
    }

    private static Status health(WatchedStep repeated) {
        return WatchedStep.health(List.of(repeated)).getStatus();
    }
}
