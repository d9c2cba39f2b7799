package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the engine keeps, and what a turn costs, follows the work under way and not the time or the number of runs. */
class BoundedEngineTest {

    private static final Duration POLL = Duration.ofMinutes(15);
    private static final int ROUNDS_A_DAY = (int) Duration.ofDays(1).dividedBy(POLL);

    private static Outcome ends(io.tributary.schemas.Task task, JsonObject state) {
        return completed(task, 0, List.of(), JsonObject.EMPTY);
    }

    /** The full size is 3,000 accounts: {@code -Dengine.accounts=3000}. */
    @Test
    void keepsNoMoreAfterSevenDaysOfRunsThanAfterAnHour() {
        int accounts = Integer.getInteger("engine.accounts", 20);
        var worker = new HandCrankedWorker(BoundedEngineTest::ends);
        int afterTwoHours = 0;
        int loadedOnDayOne = 0;

        for (int round = 1; round <= 7 * ROUNDS_A_DAY; round++) {
            for (int account = 0; account < accounts; account++) {
                worker.publish(initialTask(new UUID(1, account), new UUID(round, account)));
            }
            worker.settle().pass(POLL).settle().forgetWhatWasSent();
            if (round == 8) {
                afterTwoHours = worker.storedEntries();
            }
            if (round == ROUNDS_A_DAY) {
                loadedOnDayOne = worker.crash().settle().loadedEntries();
            }
            if (round > 8) {
                assertThat(worker.storedEntries()).as("round " + round).isEqualTo(afterTwoHours);
            }
        }

        assertThat(worker.crash().settle().loadedEntries()).isEqualTo(loadedOnDayOne);
        assertThat(afterTwoHours).isLessThanOrEqualTo(2 * 6 * accounts);
    }

    @Test
    void remembersTheTaskOfARunThatIsUnderWayForLongerThanTheWindow() {
        var account = UUID.randomUUID();
        var run = UUID.randomUUID();
        var worker = new HandCrankedWorker((task, state) -> task.getRunId().equals(run)
                ? new Outcome.Throttled("test.quota", "Wait.", Duration.ofDays(2))
                : ends(task, state));
        worker.publish(initialTask(account, run)).settle();
        for (int hour = 0; hour < 10; hour++) {
            worker.publish(initialTask(UUID.randomUUID(), UUID.randomUUID()))
                    .pass(Duration.ofHours(1))
                    .settle();
        }

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.running);
        assertThat(worker.runTasks(run)).as("tasks of the run in the store").isOne();
    }

    @Test
    void dropsASecondRecordThatWaitedWhileTheWorkerWasAway() {
        var account = UUID.randomUUID();
        var run = UUID.randomUUID();
        var worker = new HandCrankedWorker(BoundedEngineTest::ends);
        var published = worker.now();
        worker.publish(initialTask(account, run)).settle();

        worker.crash().pass(Duration.ofHours(5)).settle().turn();
        worker.publishAt(published.plusSeconds(30), initialTask(account, run)).settle();

        assertThat(worker.executed()).hasSize(1);
    }

    @Test
    void looksAtTheRunsThatChangedOnlyWhenARecordIsRead() {
        int runs = 500;
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 2), JsonObject.EMPTY)
                : new Outcome.Throttled("test.quota", "Wait.", Duration.ofHours(1)));
        for (int i = 0; i < runs; i++) {
            worker.publish(initialTask(new UUID(1, i), new UUID(2, i)));
        }
        worker.turn().execute().turn(); // Each run has changed since its first report.
        long before = worker.looks();

        for (int i = 0; i < 1_000; i++) {
            worker.readBackAnAcceptedTask();
        }
        assertThat(worker.looks() - before)
                .as("looks at runs for 1,000 records")
                .isLessThan(10);

        worker.pass(ReportProgress.INTERVAL).turn();
        assertThat(worker.looks() - before).as("one a run, once it is due").isBetween((long) runs, 2L * runs);
    }

    @Test
    void looksAtARunOnceADeadlineWhileItWaits() {
        int runs = 200;
        var worker = new HandCrankedWorker(
                (task, state) -> new Outcome.Throttled("test.quota", "Wait.", Duration.ofHours(2)));
        for (int i = 0; i < runs; i++) {
            worker.publish(initialTask(new UUID(1, i), new UUID(2, i)));
        }
        worker.settle().pass(Duration.ofSeconds(1)).turn();
        long before = worker.looks();

        for (int second = 0; second < 600; second++) {
            worker.pass(Duration.ofSeconds(1)).turn();
        }

        assertThat(worker.looks() - before)
                .as("in ten minutes without progress")
                .isZero();
    }
}
