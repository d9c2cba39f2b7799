package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Command;
import io.tributary.schemas.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** No run stays live because the worker has no task of it. */
class UnknownRunsTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final HandCrankedWorker worker =
            new HandCrankedWorker((task, state) -> completed(task, 1, List.of(), JsonObject.EMPTY));

    @Test
    void answersTheCancelOfAnUnknownRunWithItsEnd() {
        worker.command(Command.cancel_run, account, run).settle();

        var end = worker.lastProgress(run);
        assertThat(end.getStatus()).isEqualTo(RunStatus.cancelled);
        assertThat(end.getUserIntegrationId()).isEqualTo(account);
        assertThat(end.getCompleted() + end.getFailed()).isEqualTo(end.getSpawned() + 1);
    }

    @Test
    void dropsTheTaskOfARunWhoseCancelWasReadFirst() {
        worker.command(Command.cancel_run, account, run)
                .publish(initialTask(account, run))
                .settle();

        assertThat(worker.executed()).isEmpty();
        assertThat(worker.progress(run))
                .singleElement()
                .satisfies(end -> assertThat(end.getStatus()).isEqualTo(RunStatus.cancelled));
    }

    @Test
    void answersACancelAgainWhenTheEndOfTheRunDidNotArrive() {
        worker.publish(initialTask(account, run)).settle().pass(Duration.ofMinutes(1));

        worker.command(Command.cancel_run, account, run).settle();

        assertThat(worker.progress(run).stream().map(progress -> progress.getStatus()))
                .contains(RunStatus.succeeded)
                .last()
                .isEqualTo(RunStatus.cancelled);
    }

    @Test
    void endsTheRunOfAnInitialTaskThatCannotBeRead() {
        worker.publishBytes(account.toString(), ofUnknownSchema(run, run)).settle();

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getErrorCode()).isEqualTo("polling.taskUnreadable"));
        var end = worker.lastProgress(run);
        assertThat(end.getStatus()).isEqualTo(RunStatus.failed);
        assertThat(end.getError().getCode()).isEqualTo("polling.taskUnreadable");
        assertThat(end.getUserIntegrationId()).isEqualTo(account);
    }

    @Test
    void endsNoRunForOtherBytes() {
        worker.publishBytes(account.toString(), ofUnknownSchema(UUID.randomUUID(), run))
                .publishBytes("no id", ofUnknownSchema(run, run))
                .publishBytes(account.toString(), new byte[] {0, 0, 0, 0, 7, 72})
                .publishBytes(account.toString(), new byte[0])
                .settle();

        assertThat(worker.deadLetters()).hasSize(4);
        assertThat(worker.progress(run)).isEmpty();
    }

    /** A task as the registry's serializer writes it, whose schema the reader does not know. */
    private static byte[] ofUnknownSchema(UUID taskId, UUID runId) {
        return ("\0\0\0\0\7" + "H" + taskId + "H" + runId + "and so on").getBytes(StandardCharsets.US_ASCII);
    }
}
