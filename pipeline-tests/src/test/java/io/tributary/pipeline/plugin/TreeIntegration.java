package io.tributary.pipeline.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Walks the random tree that the payload of its initial task names: see {@link TreeNode}. */
public final class TreeIntegration implements Integration {

    /** Codes of its failures for good. */
    public static final String WORN_OUT = "tree.wornOut";

    public static final String REFUSED = "tree.refused";

    /** Tasks that were told to wait. Lost with the process: then they are told so again. */
    private final Set<String> waited = ConcurrentHashMap.newKeySet();

    @Override
    public Manifest manifest() {
        return Manifest.builder("tree", "1.0", "Tree")
                .syncType("default", "branch", Duration.ofMinutes(15))
                .lists("branch")
                .downloads("leaf")
                .limits(Limits.DEFAULT.withConcurrency(4).withAttempts(TreeNode.ATTEMPTS, Duration.ofMillis(20)))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var node = new TreeNode(
                task.payload().requireInteger("seed"), task.payload().requireText("path"));
        Thread.sleep(node.latencyMillis());
        if (node.isThrottled() && waited.add(context.idempotencyKey())) {
            throw new TaskFailure.RetryLater("tree.quota", "Wait.", Duration.ofMillis(100));
        }
        switch (node.fate()) {
            case IS_REFUSED -> throw new TaskFailure.Permanent(REFUSED, "No.", null);
            case WEARS_OUT -> throw new TaskFailure.Transient(WORN_OUT, "Not now.", null);
            case RECOVERS -> {
                if (task.attempt() <= node.failures()) {
                    throw new TaskFailure.Transient("tree.moody", "Not yet.", null);
                }
            }
            case COMPLETES -> {}
        }
        return TaskResult.ofOutputs(node.outputs().stream()
                        .map(id -> Output.content(id, id, "item " + id))
                        .toList())
                .withTasks(node.children().stream().map(TreeIntegration::task).toList());
    }

    private static FollowUp task(TreeNode node) {
        return new FollowUp(
                node.children().isEmpty() ? "leaf" : "branch",
                JsonObject.of("seed", node.seed()).with("path", node.path()));
    }
}
