package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NextTurnsTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    private static Outcome throttledOnce(Task task, List<UUID> seen) {
        if (seen.contains(task.getTaskId())) {
            return completed(task, 1, List.of(), JsonObject.EMPTY);
        }
        seen.add(task.getTaskId());
        return new Outcome.Throttled("test.quota", "Wait.", Duration.ofSeconds(30));
    }

    @Test
    void waitsLongerForRecordsWhenThereIsNothingToDo() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload).settle();

        assertThat(worker.patience()).isEqualTo(NextTurns.LONGEST_WAIT);
    }

    @Test
    void takesTurnsFromARecordToTheEndOfItsTasks() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload).settle();

        worker.publish(initialTask(account, run));
        assertThat(worker.patience()).isEqualTo(TaskEngine.TURN);
        worker.turn();
        assertThat(worker.startedCount()).isOne();
        assertThat(worker.patience()).isEqualTo(TaskEngine.TURN);
        worker.execute();
        assertThat(worker.patience()).isEqualTo(TaskEngine.TURN);
        worker.settle().pass(TaskEngine.TURN).turn();

        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(4);
        assertThat(worker.patience()).isEqualTo(NextTurns.LONGEST_WAIT);
    }

    @Test
    void waitsNoLongerThanUntilAThrottledLaneMayGoOn() {
        var seen = new ArrayList<UUID>();
        var worker = new HandCrankedWorker((task, state) -> throttledOnce(task, seen));

        worker.publish(initialTask(account, run)).settleFor(Duration.ofSeconds(2));
        assertThat(worker.patience()).isEqualTo(NextTurns.LONGEST_WAIT);
        worker.pass(Duration.ofMillis(27_960)).turn();
        assertThat(worker.patience()).isEqualTo(Duration.ofMillis(40));
        worker.pass(Duration.ofMillis(40)).turn();

        assertThat(worker.startedCount()).isOne();
    }

    @Test
    void waitsNoLongerThanUsualWithoutEngines() {
        var turns = new NextTurns(() -> 0);
        turns.after(1_000, this);
        turns.forget(this);

        assertThat(turns.patience(TaskEngine.TURN)).isEqualTo(TaskEngine.TURN);
    }

    @Test
    void waitsForTheFirstOfItsEngines() {
        var turns = new NextTurns(() -> 0);
        turns.after(1_000, "idle");
        turns.after(20, "soon");

        assertThat(turns.patience(TaskEngine.TURN)).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void knowsOnlyTheEnginesOfItsThread() throws InterruptedException {
        var turns = new NextTurns(() -> 0);
        turns.soon("here");
        var there = new AtomicReference<Duration>();

        Thread.ofPlatform()
                .start(() -> {
                    turns.after(1_000, "there");
                    there.set(turns.patience(TaskEngine.TURN));
                })
                .join();

        assertThat(there).hasValue(NextTurns.LONGEST_WAIT);
    }
}
