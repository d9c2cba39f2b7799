package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Command;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A follow-up task that waits for the commit of its parent's result never starts before it. */
class AfterCommitTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final HandCrankedWorker worker = new HandCrankedWorker(AfterCommitTest::listThenMark);

    private static Outcome listThenMark(Task task, JsonObject state) {
        if (!task.getType().equals("list")) {
            return completed(task, 0, List.of(), JsonObject.EMPTY);
        }
        var result = completed(task, 2, followUps(task, "mark", 1), JsonObject.EMPTY);
        return new Outcome.Completed(
                result.outputs(),
                result.followUps().stream()
                        .map(mark -> new Outcome.EncodedTask(mark.task(), mark.bytes(), true))
                        .toList(),
                result.statePatch(),
                List.of(),
                null,
                Outcome.Listed.NONE);
    }

    private long marks() {
        return worker.executed().stream()
                .filter(task -> task.getType().equals("mark"))
                .count();
    }

    @Test
    void startsOnceTheResultIsCommitted() {
        worker.publish(initialTask(account, run)).turn().execute();
        for (int i = 0; i < 10; i++) {
            worker.turn().execute();
        }
        assertThat(marks()).as("before the commit").isZero();

        worker.commit().settle();

        assertThat(marks()).isOne();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(2);
    }

    @Test
    void neverStartedWhenTheWorkerDiesBetweenExecutionAndCommit() {
        worker.publish(initialTask(account, run)).commit();
        for (int death = 0; death < 5; death++) {
            worker.turn().execute().turn().execute().turn().crash();
            assertThat(marks()).as("after %d deaths", death + 1).isZero();
        }

        worker.settle().settle();

        assertThat(marks()).isOne();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void startsAfterACrashThatFollowsTheCommit() {
        worker.publish(initialTask(account, run))
                .turn()
                .execute()
                .turn()
                .commit()
                .crash();

        worker.settle();

        assertThat(marks()).isOne();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void startsNotWhenTheRunWasCancelledMeanwhile() {
        worker.publish(initialTask(account, run)).turn().execute().turn();
        worker.command(Command.cancel_run, account, run).turn().commit();

        worker.settle();

        assertThat(marks()).isZero();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.cancelled);
    }

    @Test
    void dropsACopyOfItsRecord() {
        worker.publish(initialTask(account, run)).turn().execute().turn().commit();

        worker.deliver(worker.publishedTasks().getFirst());
        worker.settle();

        assertThat(marks()).isOne();
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(2);
    }
}
