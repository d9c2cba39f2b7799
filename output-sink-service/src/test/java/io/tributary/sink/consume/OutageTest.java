package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.consume.Outage.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutageTest {

    private final SettableClock clock = new SettableClock();
    private final Outage outage = new Outage(clock, new Random(1));

    @Test
    void isNotThereToBeginWith() {
        assertThat(outage.isWaiting()).isFalse();
        assertThat(outage.waiting()).isEmpty();
    }

    @Test
    void waitsLongerAfterEachFailureUpToABound() {
        for (int attempt = 1; attempt <= 100; attempt++) {
            outage.begin("postgres");

            long most = attempt > 6 ? Outage.LONGEST_MILLIS : Outage.FIRST_MILLIS << (attempt - 1);
            assertThat(outage.remaining().toMillis()).isBetween(most / 2, most);
            clock.forward(outage.remaining());
            assertThat(outage.isWaiting()).isFalse();
        }
    }

    @Test
    void remembersWhatItWaitsForAndSinceWhenUntilItEnds() {
        Instant began = clock.instant();
        outage.begin("postgres");
        clock.forward(Duration.ofSeconds(1));
        outage.begin("kafka");

        assertThat(outage.waiting()).hasValueSatisfying(waiting -> {
            assertThat(waiting)
                    .extracting(Waiting::what, Waiting::since, Waiting::attempts)
                    .containsExactly("kafka", began, 2);
        });
        outage.end();
        assertThat(outage.waiting()).isEmpty();
    }

    @Test
    void beginsAnewAfterItsEnd() {
        for (int i = 0; i < 10; i++) {
            outage.begin("postgres");
        }
        outage.end();

        outage.begin("postgres");

        assertThat(outage.remaining().toMillis()).isLessThanOrEqualTo(Outage.FIRST_MILLIS);
    }
}
