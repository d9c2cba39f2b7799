package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Far more tasks than may be started soon. Config: {@code items}, how many. They come {@value #PER_TASK} at a time;
 * each is an output.
 */
public abstract class Backlog extends DescribedIntegration {

    public static final String INITIAL_TASK = "grow";

    /** As many as a task may return, with the one that returns the others. */
    public static final int PER_TASK = 9_999;

    private static final String ITEM = "item";

    Backlog(String domain, Limits limits) {
        super(domain, limits, Manifest.TaskType.list(INITIAL_TASK), Manifest.TaskType.download(ITEM));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) {
        if (task.type().equals(ITEM)) {
            String id = "item-" + task.payload().requireInteger("item");
            return TaskResult.ofOutputs(List.of(Described.executedNow(id, "")));
        }
        return grow(task.payload().integer("from").orElse(0L), context.config().requireInteger("items"));
    }

    private static TaskResult grow(long from, long items) {
        long to = Math.min(from + PER_TASK, items);
        var tasks = new ArrayList<FollowUp>();
        if (to < items) {
            tasks.add(FollowUp.of(INITIAL_TASK, "from", to));
        }
        for (long item = from; item < to; item++) {
            tasks.add(FollowUp.of(ITEM, "item", item));
        }
        return TaskResult.ofTasks(tasks);
    }
}
