package io.tributary.scheduler.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimetableConfigurationTest {

    private final CountDownLatch answered = new CountDownLatch(1);

    @Test
    void runsEveryStepWhileThoseThatNeedKafkaOrHttpWait() {
        var timers = new TimetableConfiguration().timers();
        timers.initialize();
        try {
            for (int i = 0; i < 12; i++) {
                timers.scheduleWithFixedDelay(this::awaitAnswer, Duration.ofMillis(1));
            }
            var others = Stream.generate(AtomicInteger::new).limit(20).toList();
            others.forEach(runs -> timers.scheduleWithFixedDelay(runs::incrementAndGet, Duration.ofMillis(1)));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(others)
                            .allSatisfy(runs -> assertThat(runs).hasValueGreaterThan(3)));
        } finally {
            answered.countDown();
            timers.shutdown();
        }
    }

    private void awaitAnswer() {
        try {
            answered.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
