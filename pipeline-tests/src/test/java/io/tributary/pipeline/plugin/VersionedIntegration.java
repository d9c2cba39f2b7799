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
import java.util.List;
import java.util.stream.LongStream;

/**
 * Each run brings the next {@code step} items of an endless list, and a new version of the last {@link #AGAIN} before
 * them; a backfill brings the first {@link #BACKFILL} again, and fails at one that is not there. So the cursor says
 * exactly which items there have to be. Every seventh item fails at its first attempt.
 */
public final class VersionedIntegration implements Integration {

    /** New items of a run, unless the config says otherwise. */
    public static final int STEP = 15;

    /** Items of earlier runs that a run brings again. */
    public static final int AGAIN = 5;

    /** Items of a backfill. */
    public static final int BACKFILL = 10;

    private static final String CONFIG = """
        {"type": "object", "properties": {"step": {"type": "integer", "minimum": 1, "maximum": 9000}}}
        """;

    @Override
    public Manifest manifest() {
        return Manifest.builder("versioned", "1.0", "Versioned")
                .configSchema(CONFIG)
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list")
                .downloads("fetch")
                .limits(Limits.DEFAULT.withConcurrency(4).withAttempts(3, Duration.ofMillis(20)))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        if (task.type().equals("list")) {
            return list(context);
        }
        long number = task.payload().requireInteger("number");
        Thread.sleep(number * 7919 % 60);
        if (number == 0) {
            throw new TaskFailure.Permanent("versioned.refused", "No.", null);
        }
        if (number % 7 == 0 && task.attempt() == 1) {
            throw new TaskFailure.Transient("versioned.moody", "Not yet.", null);
        }
        String id = "item-" + number;
        String version = task.payload().requireText("version");
        return TaskResult.ofOutputs(List.of(Output.content(id, id, version)));
    }

    private static TaskResult list(TaskContext context) throws TaskFailure {
        if (context.options().isBounded()) {
            return fetch(0, BACKFILL, context);
        }
        long seen = context.syncState().integer("seen").orElse(0L);
        long last = seen + context.config().integer("step").orElse((long) STEP);
        return fetch(Math.max(1, seen - AGAIN + 1), last, context).withState(JsonObject.of("seen", last));
    }

    /** The key of the initial task differs from run to run, and does not from one attempt to the next. */
    private static TaskResult fetch(long first, long last, TaskContext context) throws TaskFailure {
        return TaskResult.ofTasks(LongStream.rangeClosed(first, last)
                .mapToObj(number -> new FollowUp(
                        "fetch", JsonObject.of("number", number).with("version", context.idempotencyKey())))
                .toList());
    }
}
