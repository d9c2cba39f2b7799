package io.tributary.worker.execution;

import io.tributary.schemas.Task;
import org.slf4j.MDC;

/** Adds the ids of a task to each line that its thread logs, those of libraries as well, until it is closed. */
final class LoggedTask implements AutoCloseable {

    private static final String USER_INTEGRATION = "userIntegrationId";
    private static final String RUN = "runId";
    private static final String TASK = "taskId";

    LoggedTask(Task task) {
        MDC.put(USER_INTEGRATION, task.getUserIntegrationId().toString());
        MDC.put(RUN, task.getRunId().toString());
        MDC.put(TASK, task.getTaskId().toString());
    }

    @Override
    public void close() {
        MDC.remove(TASK);
        MDC.remove(RUN);
        MDC.remove(USER_INTEGRATION);
    }
}
