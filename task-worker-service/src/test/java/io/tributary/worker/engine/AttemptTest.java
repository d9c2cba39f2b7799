package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptTest {

    private final List<String> released = new ArrayList<>();

    @Test
    void releasesWhatItOwnsOnceTheLatestFirst() {
        Attempt attempt = attempt();
        attempt.own(() -> released.add("first"));
        attempt.own(() -> released.add("second"));

        attempt.release();
        attempt.release();
        attempt.giveUp();

        assertThat(released).containsExactly("second", "first");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void releasesAtOnceWhatItComesToOwnAfterItWasGivenUp() {
        Attempt attempt = attempt();

        assertThat(attempt.giveUp()).isTrue();
        assertThat(attempt.giveUp()).isFalse();
        assertThat(attempt.end()).isFalse();
        attempt.own(() -> released.add("late"));

        assertThat(released).containsExactly("late");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void releasesOnceWhenItEndsAndIsGivenUpAtTheSameTime() {
        for (int i = 0; i < 200; i++) {
            Attempt attempt = attempt();
            var releases = new AtomicInteger();
            var together = new CountDownLatch(1);
            var threads = List.of(
                    Thread.startVirtualThread(() -> {
                        await(together);
                        attempt.own(releases::incrementAndGet);
                        attempt.release();
                    }),
                    Thread.startVirtualThread(() -> {
                        await(together);
                        attempt.giveUp();
                    }));
            together.countDown();
            for (Thread thread : threads) {
                joined(thread);
            }
            assertThat(releases).hasValue(1);
        }
    }

    private static void joined(Thread thread) {
        while (true) {
            try {
                thread.join();
                Thread.interrupted();
                return;
            } catch (InterruptedException e) {
                // The attempt is this thread's, and was given up.
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Attempt attempt() {
        var limiter = RateLimiter.withFullBurst(Limits.DEFAULT, 0);
        var lane = new Lane(UUID.randomUUID(), limiter, () -> Pauses.NONE, run -> true);
        lane.add(5, UUID.randomUUID(), new byte[0]);
        return new Attempt(lane, (Turn.Taken) lane.take(0), Long.MAX_VALUE);
    }
}
