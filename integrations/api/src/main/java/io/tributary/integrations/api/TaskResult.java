package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a task; the engine commits all of it or nothing.
 *
 * @param outputs the items it found, at most {@link #MAX_OUTPUTS}
 * @param tasks the tasks to execute next, at most {@link #MAX_FOLLOW_UPS}; page rather than return more
 * @param statePatch changes to the run's sync state, as a JSON merge patch (RFC 7396): its keys replace those of the
 *     state, and {@code null} removes one. Applied when the task is committed, in the order of commits; the state
 *     becomes the user integration's when the whole run has succeeded. Empty: no change.
 * @param listing the items that the provider listed, so that the engine can find deleted items
 */
public record TaskResult(List<Output> outputs, List<FollowUp> tasks, JsonObject statePatch, Listing listing) {

    /** Most outputs of a task. */
    public static final int MAX_OUTPUTS = 10_000;
    /** Most follow-up tasks of a task. */
    public static final int MAX_FOLLOW_UPS = 10_000;
    /** Most listed ids of a task. */
    public static final int MAX_LISTED = 10_000;
    /** Largest payload of a follow-up task, bytes of its JSON in UTF-8. */
    public static final int MAX_PAYLOAD_BYTES = 64 * 1024;
    /** Largest sum of a task's outputs and follow-up tasks, bytes of the records that the engine writes. */
    public static final int MAX_RESULT_BYTES = 64 * 1024 * 1024;
    /** Largest sum of a task's follow-up tasks, likewise: they wait in the engine's store. */
    public static final int MAX_TASKS_BYTES = 16 * 1024 * 1024;

    private static final TaskResult NOTHING = new TaskResult(List.of(), List.of(), JsonObject.EMPTY, Listing.NONE);

    public TaskResult {
        outputs = List.copyOf(outputs);
        tasks = List.copyOf(tasks);
        requireNonNull(statePatch, "statePatch");
        requireNonNull(listing, "listing");
    }

    /** A result without a listing. */
    public TaskResult(List<Output> outputs, List<FollowUp> tasks, JsonObject statePatch) {
        this(outputs, tasks, statePatch, Listing.NONE);
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
        return new TaskResult(outputs, tasks, statePatch, listing);
    }

    public TaskResult withTasks(List<FollowUp> tasks) {
        return new TaskResult(outputs, tasks, statePatch, listing);
    }

    public TaskResult withState(JsonObject statePatch) {
        return new TaskResult(outputs, tasks, statePatch, listing);
    }

    /** Sets the listed items; a returned item has to be among them, or a complete listing deletes it. */
    public TaskResult withListing(Listing listing) {
        return new TaskResult(outputs, tasks, statePatch, listing);
    }

    /**
     * Checks a result against the limits above and the manifest. The engine, and each test double of it, accepts only
     * results that pass. Sizes that depend on how the engine writes a record ({@link #MAX_RESULT_BYTES},
     * {@link #MAX_TASKS_BYTES}) are checked by the engine.
     *
     * @param returned what the integration returned
     * @return the same result
     * @throws TaskFailure.Permanent {@code polling.taskResultInvalid}: null; {@code polling.taskResultTooLarge}: too
     *     many outputs, follow-up tasks or listed items; {@code polling.invalidTaskType}: a follow-up task whose type
     *     is not declared; {@code polling.taskPayloadTooLarge}: a follow-up task whose payload is too large
     */
    public static TaskResult check(@Nullable TaskResult returned, Manifest manifest) throws TaskFailure.Permanent {
        if (returned == null) {
            throw broken("polling.taskResultInvalid", "The integration returned null instead of a result.");
        }
        checkCount("returned", returned.outputs.size(), "outputs", MAX_OUTPUTS);
        checkCount("returned", returned.tasks.size(), "follow-up tasks", MAX_FOLLOW_UPS);
        checkCount("listed", returned.listing.externalIds().size(), "items", MAX_LISTED);
        for (FollowUp followUp : returned.tasks) {
            followUp.check(manifest);
        }
        return returned;
    }

    private static void checkCount(String did, int count, String what, int most) throws TaskFailure.Permanent {
        if (count > most) {
            throw broken(
                    "polling.taskResultTooLarge",
                    "The task " + did + " " + count + " " + what + "; the most is " + most + ". Page instead.");
        }
    }

    static TaskFailure.Permanent broken(String code, String message) {
        return new TaskFailure.Permanent(code, message, null);
    }
}
