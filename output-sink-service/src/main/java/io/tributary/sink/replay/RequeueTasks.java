package io.tributary.sink.replay;

import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.SystemTasks;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/**
 * Requests runs of replayed tasks: the scheduler queues runs of trigger {@code replay} for them. Another replay does
 * not execute the tasks of such runs again. System tasks are left out: the scheduler queues them when they are due.
 * Runs of actions are left out unless their task type is named, since they would repeat effects.
 */
public record RequeueTasks(String topic, Postgres postgres) implements Reapply {

    /** Inserts nothing if the user integration was deleted. */
    private static final String REQUEST = """
        insert into requested_run (user_integration_id, sync_type, options, task_type, payload)
        select id, :syncType, cast(:options as jsonb), :taskType, cast(:payload as jsonb)
          from user_integration where id = :userIntegrationId\
        """;

    @Override
    public boolean concerns(Replay replay, SpecificRecord message) {
        return message instanceof Task task && matches(replay, task);
    }

    @Override
    public Tally apply(Replay replay, List<Read> messages) {
        Set<UUID> seen = new HashSet<>();
        List<Request> requests = messages.stream()
                .flatMap(read -> Request.of((Task) read.message()).stream())
                .filter(request -> seen.add(request.taskId()))
                .toList();
        long requested = postgres.batch(REQUEST, requests);
        return Tally.ofTasks(requested, messages.size() - requested);
    }

    private static boolean matches(Replay replay, Task task) {
        if (task.getTrigger() == Trigger.replay || SystemTasks.contain(task.getType())) {
            return false;
        }
        return replay.taskType() == null
                ? task.getParentTaskId() == null && !task.getSyncType().equals(ActionRuns.SYNC_TYPE)
                : replay.taskType().equals(task.getType());
    }

    private record Request(
            UUID taskId, UUID userIntegrationId, String syncType, String options, String taskType, String payload) {

        /** Empty if Postgres cannot hold the payload. */
        static Optional<Request> of(Task task) {
            return StorableJson.parsed(task.getPayload())
                    .map(payload -> new Request(
                            task.getTaskId(),
                            task.getUserIntegrationId(),
                            StorableText.of(task.getSyncType()),
                            StorableJson.parsed(task.getOptions()).orElse("{}"),
                            StorableText.of(task.getType()),
                            payload));
        }
    }
}
