package io.tributary.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.standalone.StopInOrder.Phase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StopInOrderTest {

    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final StopInOrder running = new StopInOrder();

    @Test
    void stopsPhaseAfterPhaseWhateverTheOrderOfStarting() {
        running.add(Phase.POSTGRES, () -> stopped.add("postgres"));
        running.add(Phase.SINK, () -> stopped.add("sink"));
        running.add(Phase.SCHEDULER, () -> stopped.add("scheduler"));
        running.stop();
        assertThat(stopped).containsExactly("scheduler", "sink", "postgres");
    }

    @Test
    void stopsTheOthersWhenOneFails() {
        running.add(Phase.WORKER, () -> {
            throw new IllegalStateException("stuck");
        });
        running.add(Phase.SINK, () -> stopped.add("sink"));
        running.stop();
        assertThat(stopped).containsExactly("sink");
    }

    @Test
    void leavesBehindWhatDoesNotStopInTime() {
        var never = new CountDownLatch(1);
        running.add(Phase.ANNOUNCEMENT, never::await);
        running.add(Phase.SINK, () -> stopped.add("sink"));
        running.stop();
        never.countDown();
        assertThat(stopped).containsExactly("sink");
    }

    @Test
    void stopsEverythingAlsoWhenInterruptedAndKeepsTheInterrupt() {
        running.add(Phase.WORKER, () -> stopped.add("worker"));
        Thread.currentThread().interrupt();
        running.stop();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped).containsExactly("worker");
    }

    @Test
    void stopsOnce() {
        running.add(Phase.WORKER, () -> stopped.add("worker"));
        running.stop();
        running.stop();
        assertThat(stopped).containsExactly("worker");
    }
}
