package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How the engine holds the sync state of runs, and large tasks. */
class StateBoundsTest {

    private static final int MAX_STATE_BYTES = 10_000;

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    @Test
    void failsTheTaskThatMakesTheStateTooLargeAndKeepsTheStateBefore() {
        var worker = worker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 3), JsonObject.of("cursor", 1))
                : completed(task, 1, List.of(), JsonObject.of(task.getTaskId().toString(), "x".repeat(4_000))));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getErrorCode()).isEqualTo("polling.stateTooLarge"));
        assertThat(worker.outputs()).hasSize(2);
        var last = worker.lastProgress(run);
        assertThat(last.getStatus()).isEqualTo(RunStatus.partial);
        assertThat(last.getSyncState()).hasSizeBetween(8_000, MAX_STATE_BYTES).contains("\"cursor\":1");
    }

    @Test
    void admitsAPatchThatReplacesALargeState() {
        var worker = worker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 20), JsonObject.EMPTY)
                : completed(task, 0, List.of(), JsonObject.of("page", task.getTaskId() + "x".repeat(6_000))));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.storedEntries())
                .as("nothing of the run stays, but its seen id")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void savesALargeStateOnlyWhenItChanges() {
        var worker = worker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 50), JsonObject.of("large", "x".repeat(5_000)))
                : completed(task, 1, List.of(), JsonObject.EMPTY));

        worker.publish(initialTask(account, run));
        worker.settle();

        assertThat(worker.writesOver(4_000)).isOne();
        assertThat(worker.lastProgress(run).getSyncState()).hasSizeGreaterThan(5_000);
    }

    @Test
    void restoresALargeStateAfterACrash() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1),
                EngineConfig.Bounds.DEFAULT,
                new Random(1),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 2), JsonObject.of("large", "x".repeat(5_000)))
                        : completed(task, 0, List.of(), JsonObject.of("seen", state.has("large"))));

        worker.publish(initialTask(account, run)).turn().execute().turn().commit();
        worker.crash().settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getSyncState())
                .hasSizeGreaterThan(5_000)
                .contains("\"seen\":true");
    }

    @Test
    void endsTheRunOfATaskThatTheStoreCannotHold() {
        var worker = worker((task, state) -> completed(task, 1, List.of(), JsonObject.EMPTY));
        String state = "{\"large\": \"" + "x".repeat(Topics.MAX_RECORD_BYTES - 1_000) + "\"}";

        worker.publish(Task.newBuilder(initialTask(account, run))
                        .setSyncState(state)
                        .build())
                .settle();

        assertThat(worker.executed()).isEmpty();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.failed);
        assertThat(worker.lastProgress(run).getError().getCode()).isEqualTo("polling.taskTooLarge");
        assertThat(worker.deadLetters()).hasSize(1);
        assertThat(worker.largestRecord()).isLessThan(Topics.MAX_RECORD_BYTES);
    }

    private static HandCrankedWorker worker(HandCrankedWorker.Script script) {
        return new HandCrankedWorker(
                Limits.DEFAULT, EngineConfig.Bounds.DEFAULT.withMaxStateBytes(MAX_STATE_BYTES), new Random(1), script);
    }
}
