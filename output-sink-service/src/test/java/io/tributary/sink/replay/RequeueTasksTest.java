package io.tributary.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.TryAccount;
import io.tributary.sink.postgres.Postgres;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Which tasks of the topic a replay executes again. */
class RequeueTasksTest {

    private final RequeueTasks tasks =
            new RequeueTasks("sync.tasks", new Postgres(new JdbcTemplate(), new JdbcTransactionManager()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                RefreshAccess.TASK_TYPE,
                ConnectAccount.TASK_TYPE,
                TryAccount.TASK_TYPE,
                "tributary.ofANewerVersion"
            })
    void leavesOutSystemTasksWhichWouldFailAllTasksOfTheirRun(String type) {
        assertThat(tasks.concerns(replay(null), task(type, Trigger.system))).isFalse();
        assertThat(tasks.concerns(replay(type), task(type, Trigger.system))).isFalse();
    }

    @Test
    void takesInitialTasksAndOneOffTasks() {
        assertThat(tasks.concerns(replay(null), task("list", Trigger.schedule))).isTrue();
        assertThat(tasks.concerns(replay(null), task("download", Trigger.system)))
                .isTrue();
    }

    @Test
    void leavesOutRunsOfActionsUnlessTheirTaskTypeIsNamed() {
        var action = Task.newBuilder(task("send", Trigger.manual))
                .setSyncType(ActionRuns.SYNC_TYPE)
                .setParentTaskId(new UUID(1, 3))
                .build();
        var first = Task.newBuilder(task(RunAgain.TASK_TYPE, Trigger.manual))
                .setSyncType(ActionRuns.SYNC_TYPE)
                .build();

        assertThat(tasks.concerns(replay(null), first)).isFalse();
        assertThat(tasks.concerns(replay(null), action)).isFalse();
        assertThat(tasks.concerns(replay("send"), action)).isTrue();
    }

    private static Replay replay(@Nullable String taskType) {
        return new Replay(new UUID(1, 1), Replay.Kind.TASKS, null, taskType, null, null, false, null);
    }

    private static Task task(String type, Trigger trigger) {
        return Task.newBuilder()
                .setTaskId(new UUID(1, 2))
                .setRunId(new UUID(1, 3))
                .setUserIntegrationId(new UUID(1, 4))
                .setUserId("alice")
                .setDomain("imap")
                .setType(type)
                .setPayload("{}")
                .setAttempt(1)
                .setPriority(0)
                .setTrigger(trigger)
                .setOptions("{}")
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
