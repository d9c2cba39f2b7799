package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a task that runs for too long, as the engine does: on its virtual thread it is interrupted, and that is a failed
 * attempt.
 *
 * @param time how long a task may run; null: as long as it likes, on the thread of the test
 */
record Deadline(@Nullable Duration time) {

    static final Deadline NONE = new Deadline(null);

    /** How long an interrupted task may take to end. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    TaskResult run(Integration integration, Task task, TaskContext context) throws TaskFailure, InterruptedException {
        if (time == null) {
            return integration.run(task, context);
        }
        var running = new FutureTask<>(() -> integration.run(task, context));
        Thread thread = Thread.ofVirtual().start(running);
        try {
            return running.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            if (!thread.join(GRACE)) {
                throw new AssertionError(
                        task.type() + " goes on for " + GRACE.toSeconds() + " s after it was interrupted");
            }
            throw new TaskFailure.Transient("polling.taskTimedOut", "The task ran for too long.", null);
        } catch (InterruptedException e) {
            thread.interrupt(); // Interrupts the waiting thread and the task.
            throw e;
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private static TaskFailure failure(Throwable thrown) throws InterruptedException {
        switch (thrown) {
            case TaskFailure failure -> {
                return failure;
            }
            case InterruptedException interrupt -> throw interrupt;
            case RuntimeException bug -> throw bug;
            case Error bug -> throw bug;
            default -> throw new AssertionError("a task may not throw " + thrown.getClass(), thrown);
        }
    }
}
