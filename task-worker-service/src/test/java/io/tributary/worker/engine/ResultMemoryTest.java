package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResultMemoryTest {

    private final ResultMemory memory = new ResultMemory(1_000);

    @Test
    void reservesNoMoreBytesThanThereAreUntilAResultIsSettled() throws InterruptedException {
        var share = memory.share(100);
        share.reserve(600);
        share.reserve(400);
        var got = new AtomicInteger();
        Thread.startVirtualThread(() -> {
            if (reserve(share, 300)) {
                got.incrementAndGet();
            }
        });

        await().during(Duration.ofMillis(250)).until(() -> got.get() == 0);
        assertThat(memory.usedBytes()).isEqualTo(1_000);
        share.release(400);

        await().atMost(Duration.ofMinutes(1)).until(() -> got.get() == 1);
        assertThat(memory.usedBytes()).isEqualTo(900);
    }

    @Test
    void givesRoomToAPartitionWithoutResultsWhateverTheOthersTake() throws InterruptedException {
        memory.share(100).reserve(5_000);

        assertThat(memory.share(100).reserve(2_000)).isTrue();
    }

    @Test
    void boundsTheNumberOfResultsToo() throws InterruptedException {
        var share = memory.share(2);
        share.reserve(0);
        share.reserve(0);
        var third = new AtomicInteger();
        Thread.startVirtualThread(() -> {
            if (reserve(share, 0)) {
                third.incrementAndGet();
            }
        });

        share.release(0);

        await().atMost(Duration.ofMinutes(1)).until(() -> third.get() == 1);
    }

    @Test
    void countsWhatAResultTakesInsteadOfWhatWasExpected() throws InterruptedException {
        var share = memory.share(100);
        share.reserve(100);

        share.correct(700);

        assertThat(memory.usedBytes()).isEqualTo(800);
        share.release(800);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void givesBackEverythingOfAPartitionThatLeaves() throws InterruptedException {
        var share = memory.share(100);
        share.reserve(900);

        share.close();

        assertThat(memory.usedBytes()).isZero();
        share.release(900);
        share.correct(5);
        assertThat(memory.usedBytes()).isZero();
        assertThat(share.reserve(1)).isFalse();
    }

    private static boolean reserve(ResultMemory.Share share, long bytes) {
        try {
            return share.reserve(bytes);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
