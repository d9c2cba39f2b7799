package io.tributary.worker.engine;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.Json;
import java.util.Map;

/**
 * The payload of a task that executes an action.
 *
 * @param key business key of its effect
 * @param input input of the action
 */
public record EffectPayload(String key, JsonObject input) {

    /**
     * Reads {@code {"key": "...", "input": {...}}}. Any other payload is the input itself, such as that of a follow-up
     * task: its key is the id of the task.
     *
     * @throws tools.jackson.core.JacksonException the payload is no JSON object
     */
    public static EffectPayload of(Task task) {
        JsonObject payload = Json.readObject(task.getPayload());
        String key = payload.text(ActionRuns.KEY).orElse("");
        boolean wrapped = !key.isEmpty()
                && key.length() <= Effect.MAX_KEY
                && payload.values().get(ActionRuns.INPUT) instanceof Map;
        return wrapped
                ? new EffectPayload(key, payload.object(ActionRuns.INPUT))
                : new EffectPayload(task.getTaskId().toString(), payload);
    }
}
