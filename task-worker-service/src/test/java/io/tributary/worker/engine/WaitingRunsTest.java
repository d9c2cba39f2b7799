package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.Command;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A run whose tasks do not execute says what they wait for. */
class WaitingRunsTest {

    private static final Duration REPORTED = Duration.ofSeconds(1);

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    @Test
    void forARetryUntilItsTime() {
        var worker = worker(
                Limits.DEFAULT.withAttempts(3, Duration.ofMinutes(2)),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 1), JsonObject.EMPTY)
                        : new Outcome.Failed(Outcome.Kind.TRANSIENT, "test.broken", "It is broken."));

        worker.publish(initialTask(account, run)).settle();
        worker.pass(REPORTED).settle();

        RunProgress last = worker.lastProgress(run);
        assertThat(last.getWaitsFor()).isEqualTo("retry");
        assertThat(last.getWaitsUntil())
                .isBetween(worker.now().plusSeconds(85), worker.now().plusSeconds(151));
    }

    @Test
    void forTheRateUntilItsTime() {
        var worker = worker(Limits.DEFAULT.withRate(0.1, 1), WaitingRunsTest::listThenDownload);

        worker.publish(initialTask(account, run)).settle();
        worker.pass(REPORTED).settle();

        RunProgress last = worker.lastProgress(run);
        assertThat(last.getWaitsFor()).isEqualTo("rate");
        assertThat(last.getWaitsUntil())
                .isAfter(worker.now())
                .isBefore(worker.now().plusSeconds(11));
    }

    @Test
    void forTheBudgetOfBackfills() {
        var worker = worker(Limits.DEFAULT.withRate(1, 5), WaitingRunsTest::listThenDownload);

        worker.publish(Task.newBuilder(initialTask(account, run))
                        .setTrigger(Trigger.backfill)
                        .build())
                .settle();
        worker.pass(REPORTED).settle();

        assertThat(worker.lastProgress(run).getWaitsFor()).isEqualTo("backfillBudget");
        assertThat(worker.lastProgress(run).getWaitsUntil()).isAfter(worker.now());
    }

    @Test
    void forTheEndOfAPause() {
        var worker = worker(Limits.DEFAULT, WaitingRunsTest::listThenDownload);

        worker.command(Command.pause, account, null)
                .publish(initialTask(account, run))
                .settle();
        worker.pass(REPORTED).settle();

        assertThat(worker.lastProgress(run).getWaitsFor()).isEqualTo("pause");
    }

    @Test
    void forNothingWhileTasksExecuteAndWhenItIsOver() {
        var worker = worker(Limits.DEFAULT.withConcurrency(1), WaitingRunsTest::listThenDownload);

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.progress(run)).extracting(RunProgress::getWaitsFor).containsOnlyNulls();
    }

    private static Outcome listThenDownload(Task task, JsonObject state) {
        return task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 3), JsonObject.EMPTY)
                : completed(task, 1, List.of(), JsonObject.EMPTY);
    }

    private static HandCrankedWorker worker(Limits limits, HandCrankedWorker.Script script) {
        return new HandCrankedWorker(limits, new Random(1), script);
    }
}
