package io.tributary.standalone.integration;

import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;

/** How a task ended. */
public sealed interface TaskEnd {

    Task task();

    Duration took();

    /** Well. */
    record Done(Task task, Duration took, TaskResult result) implements TaskEnd {}

    /** Not well. */
    record Failed(Task task, Duration took, Failure failure) implements TaskEnd {}
}
