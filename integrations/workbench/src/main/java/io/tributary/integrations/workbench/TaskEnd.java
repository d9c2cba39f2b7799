package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;

/** How a task ended. */
public sealed interface TaskEnd {

    Task task();

    /** By the wall clock, with all attempts. */
    Duration took();

    /** It returned a result. */
    record Done(Task task, Duration took, TaskResult result) implements TaskEnd {}

    /** It failed, and is not tried again. */
    record Failed(Task task, Duration took, TaskFailure failure) implements TaskEnd {}
}
