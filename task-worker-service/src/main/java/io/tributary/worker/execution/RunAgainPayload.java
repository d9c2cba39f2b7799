package io.tributary.worker.execution;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskResult;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payload of a {@link RunAgain} task: the tasks to execute again. */
record RunAgainPayload(List<Entry> tasks) {

    record Entry(String type, Map<String, @Nullable Object> payload) {}

    /** @throws tools.jackson.core.JacksonException the payload is not one that the services write */
    static TaskResult tasksOf(Task runAgain) {
        return TaskResult.ofTasks(Json.MAPPER.readValue(runAgain.getPayload(), RunAgainPayload.class).tasks().stream()
                .map(task -> new FollowUp(task.type(), new JsonObject(task.payload())))
                .toList());
    }
}
