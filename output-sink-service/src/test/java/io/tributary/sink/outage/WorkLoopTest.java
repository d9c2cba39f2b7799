package io.tributary.sink.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.backoff.BackOffExecution;

@Timeout(60) // seconds
class WorkLoopTest {

    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    private final WorkLoop loop = new WorkLoop("test", Duration.ZERO, new WorkLoop.Step() {
        @Override
        public boolean take(BooleanSupplier ending) {
            steps.incrementAndGet();
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return true;
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }
    });

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void takesStepsFromStartToStop() {
        loop.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> steps.get() > 10);
        assertThat(loop.isRunning()).isTrue();

        loop.stop();

        assertThat(loop.isRunning()).isFalse();
        assertThat(ends).hasValue(1);
    }

    @Test
    void takesAStepAgainThatFailed() {
        failures.add(new Unavailable("postgres", "gone", new RuntimeException()));
        failures.add(new KafkaException("gone"));
        failures.add(new IllegalStateException("a bug"));
        loop.start();

        await().atMost(Duration.ofMinutes(1)).until(() -> steps.get() > 3);
    }

    @Test
    void endsOnAnInterrupt() {
        failures.add(new InterruptException("somebody wants it to end"));
        loop.start();

        await().atMost(Duration.ofMinutes(1)).until(() -> ends.get() == 1);
        assertThat(steps).hasValue(1);
    }

    @Test
    void waitsLongerAfterEachFailureUpToABound() {
        BackOffExecution backOff = WorkLoop.backOff().start();

        for (int failures = 1; failures <= 1_000; failures++) {
            long most = failures > 6 ? 5_000 : 100L << failures;
            assertThat(backOff.nextBackOff()).isBetween(50L, most);
        }
    }
}
