package io.tributary.standalone.integration;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.InMemoryEngine;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.worker.plugins.Plugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes each task once. It neither waits nor tries again, because the author wants to see the failure. A task has no
 * deadline but the author's patience.
 */
public record ExecuteOnce(Plugin plugin, LocalContext context) implements InMemoryEngine.Execution {

    private static final Logger log = LoggerFactory.getLogger(ExecuteOnce.class);

    @Override
    public TaskResult execute(Task task, String idempotencyKey, JsonObject state)
            throws TaskFailure, InterruptedException {
        try {
            var its = context.withSyncState(state).withIdempotencyKey(idempotencyKey);
            return TaskResult.check(plugin.run(task, its), plugin.manifest());
        } catch (LinkageError e) {
            log.error("polling.integrationLoadFailed: the integration does not link taskType={}", task.type(), e);
            throw new TaskFailure.Permanent("polling.integrationLoadFailed", "It does not link: " + e + ".", e);
        } catch (VirtualMachineError | RuntimeException e) {
            throw thrown(task.type(), e);
        }
    }

    /** Reports what an integration threw that is no failure of the SPI, as the engine does. */
    static TaskFailure.Transient thrown(String taskType, Throwable thrown) {
        log.error("polling.taskExecutionFailed: the integration threw taskType={}", taskType, thrown);
        return new TaskFailure.Transient(
                "polling.taskExecutionFailed", "The integration threw " + thrown + ".", thrown);
    }
}
