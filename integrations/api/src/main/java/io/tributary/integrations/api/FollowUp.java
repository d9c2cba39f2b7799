package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.util.stream.Collectors;

/**
 * A task to execute after the one that returns it.
 *
 * @param type one of the task types that the manifest declares; any other type fails the returning task permanently
 * @param payload input of the task, at most {@link TaskResult#MAX_PAYLOAD_BYTES} as JSON in UTF-8; keep it to ids and
 *     page tokens
 * @param startsAfterCommit whether it starts only once the result of the task that returns it is committed; default
 *     false. See {@link #afterCommit}.
 */
public record FollowUp(String type, JsonObject payload, boolean startsAfterCommit) {

    public FollowUp {
        requireNonNull(type, "type");
        requireNonNull(payload, "payload");
    }

    /** A follow-up task that may start before the result of the task that returns it is committed. */
    public FollowUp(String type, JsonObject payload) {
        this(type, payload, false);
    }

    /** A follow-up task whose payload has one value. */
    public static FollowUp of(String type, String key, Object value) {
        return new FollowUp(type, JsonObject.of(key, value));
    }

    /**
     * The same task, which starts only once the result of the task that returns it is committed. When a worker dies
     * before that, its task is executed again, and no follow-up task of the lost result has ever started. For tasks
     * that change something at the provider on the strength of that result, such as marking as read what was returned.
     * It costs some 100 ms, since the task takes the way over the topic; other follow-up tasks do not need it.
     */
    public FollowUp afterCommit() {
        return new FollowUp(type, payload, true);
    }

    void check(Manifest manifest) throws TaskFailure.Permanent {
        if (manifest.taskType(type).isEmpty()) {
            throw TaskResult.broken(
                    "polling.invalidTaskType",
                    "The task returned a follow-up of type " + type
                            + ", which the manifest does not declare; it declares "
                            + manifest.taskTypes().stream()
                                    .map(Manifest.TaskType::name)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        if (payload.mayExceed(TaskResult.MAX_PAYLOAD_BYTES) && payload.jsonBytes() > TaskResult.MAX_PAYLOAD_BYTES) {
            throw TaskResult.broken(
                    "polling.taskPayloadTooLarge",
                    "The payload of a follow-up task has " + payload.jsonBytes() + " bytes; the most is "
                            + TaskResult.MAX_PAYLOAD_BYTES + ". Keep it to ids.");
        }
    }
}
