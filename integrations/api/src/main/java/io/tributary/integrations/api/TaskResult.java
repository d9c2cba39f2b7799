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
 * @param listing what lists at the provider showed, for items that are gone to be found; none: nothing is said of that
 */
public record TaskResult(List<Output> outputs, List<FollowUp> tasks, JsonObject statePatch, Listing listing) {

    private static final TaskResult NOTHING = new TaskResult(List.of(), List.of(), JsonObject.EMPTY, Listing.NONE);

    public TaskResult {
        outputs = List.copyOf(outputs);
        tasks = List.copyOf(tasks);
        requireNonNull(statePatch, "statePatch");
        requireNonNull(listing, "listing");
    }

    /** A result that says nothing of lists. */
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

    /** Says which items lists showed; items that the task returns itself have to be among them, where they are to stay. */
    public TaskResult withListing(Listing listing) {
        return new TaskResult(outputs, tasks, statePatch, listing);
    }
}
