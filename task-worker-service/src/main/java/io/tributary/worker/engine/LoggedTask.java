package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import io.tributary.telemetry.LoggedTrace;
import org.slf4j.MDC;

/**
 * Adds the ids of a task and of its trace to each line that its thread logs, those of libraries as well, until it is
 * closed.
 */
public final class LoggedTask implements AutoCloseable {

    private static final String USER_INTEGRATION = "userIntegrationId";
    private static final String RUN = "runId";
    private static final String TASK = "taskId";

    private final LoggedTrace trace;

    public LoggedTask(Task task) {
        MDC.put(USER_INTEGRATION, task.getUserIntegrationId().toString());
        MDC.put(RUN, task.getRunId().toString());
        MDC.put(TASK, task.getTaskId().toString());
        trace = new LoggedTrace(task.getTraceparent());
    }

    @Override
    public void close() {
        trace.close();
        MDC.remove(TASK);
        MDC.remove(RUN);
        MDC.remove(USER_INTEGRATION);
    }
}
