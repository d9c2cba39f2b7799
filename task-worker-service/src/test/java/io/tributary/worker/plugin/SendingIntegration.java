package io.tributary.worker.plugin;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Sends, and reports each execution as a quota. In its config, {@code send} and {@code lookUp} name the failure of
 * either: {@code permanent} or {@code unauthorized}.
 */
public final class SendingIntegration implements Integration {

    @Override
    public Manifest manifest() {
        return Manifest.builder("sending", "1.0", "Sending")
                .action(new Action("byKey", "{}", Action.Repeat.KEY))
                .action(new Action("byLookUp", "{}", Action.Repeat.LOOK_UP))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure {
        context.quota(new Quota(1, Instant.MAX));
        fail(context, "send");
        return TaskResult.ofOutputs(
                List.of(Output.effect(context.effect().orElseThrow(), "provider's id", JsonObject.EMPTY)));
    }

    @Override
    public Optional<TaskResult> lookUp(Task task, TaskContext context) throws TaskFailure {
        fail(context, "lookUp");
        return Optional.empty();
    }

    private static void fail(TaskContext context, String step) throws TaskFailure {
        switch (context.config().text(step).orElse("")) {
            case "permanent" -> throw new TaskFailure.Permanent("sending.refused", "The provider refused.", null);
            case "unauthorized" -> throw new TaskFailure.Unauthorized("sending.expired", "The token expired.", null);
            default -> {}
        }
    }
}
