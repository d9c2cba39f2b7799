package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ThreadFailures failures = new ThreadFailures(() -> now, new Random(1));

    @Test
    void replacesAThreadThatFailsOnceAtOnce() {
        assertThat(failures.add(new IllegalStateException())).isZero();
        assertThat(failures.cause()).isEmpty();
    }

    @Test
    void waitsLongerWithEachFailureUpToABound() {
        failures.add(new IllegalStateException());
        Duration second = failures.add(new IllegalStateException());
        Duration third = failures.add(new IllegalStateException());
        Duration last = third;
        for (int i = 0; i < 50; i++) {
            last = failures.add(new IllegalStateException());
        }

        assertThat(second).isBetween(Duration.ofMillis(300), Duration.ofMillis(700));
        assertThat(third).isGreaterThan(second);
        assertThat(last).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    @Test
    void isUnhealthyWithTheCauseWhileThreadsKeepFailing() {
        for (int i = 0; i < ThreadFailures.UNHEALTHY; i++) {
            failures.add(new StreamsException("record with a secret", new AuthenticationException("no")));
        }

        assertThat(failures.cause())
                .get()
                .asString()
                .contains("AuthenticationException")
                .doesNotContain("secret");
        now = now.plus(ThreadFailures.MEMORY).plusSeconds(1);
        assertThat(failures.cause()).isEmpty();
        assertThat(failures.add(new IllegalStateException())).isZero();
    }

    @Test
    void tellsAnErrorOfTheJvmFromOtherFailures() {
        assertThat(ThreadFailures.isOfTheJvm(new StreamsException("x", new OutOfMemoryError("heap"))))
                .isTrue();
        assertThat(ThreadFailures.isOfTheJvm(new StackOverflowError())).isFalse();
        assertThat(ThreadFailures.isOfTheJvm(new IllegalStateException())).isFalse();
    }
}
