package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** Waiting tasks of a large run are stored once in what they have in common. */
class TaskTemplateTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final Task example = HandCrankedWorker.task(account, run, UUID.randomUUID(), run, "download", "{\"id\":1}");
    private final TaskTemplate template = new TaskTemplate(example);

    @Test
    void givesBackTheTask() {
        Task task = Task.newBuilder(example)
                .setTaskId(UUID.randomUUID())
                .setParentTaskId(UUID.randomUUID())
                .setType("größer")
                .setPayload("{\"name\":\"Grüße\"}")
                .setAttempt(300)
                .setPriority(9)
                .setCreatedAt(Instant.parse("2026-05-01T00:00:00.123Z"))
                .build();

        byte[] compact = Objects.requireNonNull(template.compact(task));

        assertThat(TaskTemplate.isCompact(compact)).isTrue();
        assertThat(template.expand(compact)).isEqualTo(task);
        assertThat(compact).hasSizeLessThan(90);
    }

    @Test
    void leavesATaskThatDiffersInAnotherFieldAsItIs() {
        assertThat(template.compact(
                        Task.newBuilder(example).setOptions("{\"force\":true}").build()))
                .isNull();
        assertThat(template.compact(
                        Task.newBuilder(example).setTrigger(Trigger.backfill).build()))
                .isNull();
        assertThat(template.compact(
                        Task.newBuilder(example).setNotBefore(Instant.EPOCH).build()))
                .isNull();
        assertThat(template.compact(
                        Task.newBuilder(example).setParentTaskId(null).build()))
                .isNull();
    }

    @Test
    void keepsTheTraceOfATask() {
        String ofRun = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        Task task = Task.newBuilder(example).setTraceparent(ofRun).build();
        var traced = new TaskTemplate(task);

        assertThat(traced.expand(Objects.requireNonNull(traced.compact(task))).getTraceparent())
                .isEqualTo(ofRun);
        assertThat(traced.compact(Task.newBuilder(example)
                        .setTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-53995c3f42cd8ad8-01")
                        .build()))
                .as("a task below another execution is stored as it is")
                .isNull();
        assertThat(template.compact(task))
                .as("the template of an earlier version has no trace")
                .isNull();
    }

    @Test
    void rejectsBytesThatAreCutOff() {
        byte[] compact = Objects.requireNonNull(template.compact(example));

        assertThatThrownBy(() -> template.expand(Arrays.copyOf(compact, 20)))
                .isInstanceOf(SerializationException.class);
    }

    /** The full size is a million: {@code -Dengine.waiting=1000000}, with 512 MB of heap. */
    @Test
    void executesALargeBacklogThatWasCompactOverCrashes() {
        int pages = 100;
        int waiting = Integer.getInteger("engine.waiting", 20_000);
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "page", pages), JsonObject.EMPTY)
                : task.getType().equals("page")
                        ? completed(task, 0, followUps(task, "download", waiting / pages), JsonObject.EMPTY)
                        : completed(task, 0, List.of(), JsonObject.EMPTY));
        worker.publish(initialTask(account, run)).turn().execute().turn().commit();
        while (worker.runTasks(run) < waiting) {
            worker.execute().turn().commit().forgetWhatWasSent();
        }
        assertThat(worker.storedBytes() / waiting)
                .as("bytes a task, keys included")
                .isLessThan(140);

        worker.crash().turn().execute().turn().commit().crash().settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(1L + pages + waiting / pages * pages);
        assertThat(worker.storedEntries()).as("the template goes with the run").isEqualTo(2);
    }

    @Test
    void executesTasksThatAnEarlierVersionStored() {
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", RunTasks.MANY - 1), JsonObject.EMPTY)
                : completed(
                        task,
                        0,
                        followUps(task, "more", task.getType().equals("download") ? 20 : 0),
                        JsonObject.EMPTY));

        worker.publish(initialTask(account, run))
                .turn()
                .execute()
                .turn()
                .commit()
                .crash();
        worker.settleFor(Duration.ofSeconds(1));

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(1 + 7 + 7 * 20);
    }
}
