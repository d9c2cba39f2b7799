package io.tributary.worker.execution;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.worker.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tasks that a {@link RunAgain} task stands for. */
final class UnfoldTasks {

    private UnfoldTasks() {}

    /** @throws tools.jackson.core.JacksonException the payload is none that the services write */
    static List<FollowUp> of(Task runAgain) {
        return Json.MAPPER.readValue(runAgain.getPayload(), Payload.class).tasks().stream()
                .map(task -> new FollowUp(task.type(), new JsonObject(task.payload())))
                .toList();
    }

    private record Payload(List<Entry> tasks) {}

    private record Entry(String type, Map<String, @Nullable Object> payload) {}
}
