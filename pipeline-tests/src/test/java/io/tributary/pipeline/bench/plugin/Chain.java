package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskResult;
import java.util.List;

/**
 * One task after the other: each is an output, and returns the next one. Config: {@code hops}, and {@code delayMillis},
 * what a task takes [0].
 */
public final class Chain implements Integration {

    public static final String DOMAIN = "bench-chain";
    public static final String INITIAL_TASK = "hop";

    @Override
    public Manifest manifest() {
        return Described.as(DOMAIN, Limits.DEFAULT, Manifest.TaskType.list(INITIAL_TASK));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws InterruptedException {
        long hop = task.payload().integer("hop").orElse(0L);
        var done = TaskResult.ofOutputs(List.of(Described.executedNow("hop-" + hop, "")));
        Thread.sleep(context.config().integer("delayMillis").orElse(0L));
        return hop + 1 < context.config().requireInteger("hops")
                ? done.withTasks(List.of(FollowUp.of(INITIAL_TASK, "hop", hop + 1)))
                : done;
    }
}
