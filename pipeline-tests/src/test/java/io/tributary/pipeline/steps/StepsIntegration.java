package io.tributary.pipeline.steps;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Each step returns an item and the next step. Step {@value #WAITS} is throttled until the file of the config exists.
 */
public final class StepsIntegration implements Integration {

    public static final String DOMAIN = "steps";

    /** Key of the config. */
    public static final String GATE = "gate";

    /** Steps of a run, the first one has the number 0. */
    public static final int STEPS = 4;

    public static final int WAITS = 2;

    private static final String TYPE = "step";

    @Override
    public Manifest manifest() {
        return Manifest.builder(DOMAIN, "1.0", "Steps")
                .syncType("default", TYPE, Duration.ofMinutes(15))
                .lists(TYPE)
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure {
        int number = task.payload().integer("number").orElse(0L).intValue();
        if (number == WAITS && !Files.exists(Path.of(context.config().requireText(GATE)))) {
            throw new TaskFailure.RetryLater("steps.closed", "Wait.", Duration.ofMillis(500));
        }
        context.logger().log(System.Logger.Level.INFO, "step " + number);
        TaskResult result =
                TaskResult.ofOutputs(List.of(Output.content("step-" + number, "step", "item of " + number)));
        return number + 1 < STEPS
                ? result.withTasks(List.of(new FollowUp(TYPE, JsonObject.of("number", number + 1))))
                : result;
    }
}
