package io.tributary.integrations.workbench;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import java.time.Duration;
import java.util.List;

/**
 * What a run did: the initial task of a sync type and all its follow-ups, executed one after the other as the engine
 * orders them. A transient failure is tried again, up to the manifest's attempts. With a {@link SettableClock} the run
 * waits by moving it: between two attempts, and as long as {@link TaskFailure.RetryLater} asks, at most 24 hours at a
 * time and 100 times in all. With another clock there is no wait between attempts, and a failure that asks to wait ends
 * its task as any other failure does. More than 100,000 tasks are an {@link AssertionError}.
 *
 * @param tasks the tasks that ended well, in order
 * @param outputs what they returned, in order
 * @param failures of the tasks that did not, in order
 * @param state the run's sync state with the patches of all tasks that ended well
 * @param waits how long the provider asked to wait, in order
 * @param listing what the lists of all tasks that ended well showed, and whether one of them said that this is
 *     everything
 */
public record InMemoryRun(
        List<Task> tasks,
        List<Output> outputs,
        List<TaskFailure> failures,
        JsonObject state,
        List<Duration> waits,
        Listing listing) {

    public InMemoryRun {
        tasks = List.copyOf(tasks);
        outputs = List.copyOf(outputs);
        failures = List.copyOf(failures);
        waits = List.copyOf(waits);
    }

    /** Whether every task ended well: only then the account takes on the state. */
    public boolean succeeded() {
        return failures.isEmpty();
    }

    /** The tasks of a type that ended well. */
    public List<Task> tasks(String type) {
        return tasks.stream().filter(task -> task.type().equals(type)).toList();
    }

    /** The codes of the failures. */
    public List<String> failureCodes() {
        return failures.stream().map(TaskFailure::code).toList();
    }
}
