package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a task gives back; taken whole or not at all.
 *
 * @param outputs the items it found, at most 10,000
 * @param tasks the tasks to execute next, at most 10,000; page rather than return more
 * @param statePatch changes to the run's sync state, as a JSON merge patch (RFC 7396): its keys replace those of the
 *     state, and {@code null} removes one. Applied when the task is committed, in the order of commits; the state
 *     becomes the user integration's when the whole run has succeeded. Empty: no change.
 */
public record TaskResult(List<Output> outputs, List<FollowUp> tasks, JsonObject statePatch) {

    private static final TaskResult NOTHING = new TaskResult(List.of(), List.of(), JsonObject.EMPTY);

    public TaskResult {
        outputs = List.copyOf(outputs);
        tasks = List.copyOf(tasks);
        requireNonNull(statePatch, "statePatch");
    }

    /** No outputs, no tasks, no change of state: all is up to date. */
    public static TaskResult nothing() {
        return NOTHING;
    }

    public static TaskResult ofOutputs(List<Output> outputs) {
        return NOTHING.withOutputs(outputs);
    }

    public static TaskResult ofTasks(List<FollowUp> tasks) {
        return NOTHING.withTasks(tasks);
    }

    public TaskResult withOutputs(List<Output> outputs) {
        return new TaskResult(outputs, tasks, statePatch);
    }

    public TaskResult withTasks(List<FollowUp> tasks) {
        return new TaskResult(outputs, tasks, statePatch);
    }

    public TaskResult withState(JsonObject statePatch) {
        return new TaskResult(outputs, tasks, statePatch);
    }
}
