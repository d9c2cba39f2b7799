package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A mailbox: each page lists {@value #PER_PAGE} mails and the next page, each mail is an output of 1 KB, whose metadata
 * tells, as {@code hopMicros}, how long after its page it was executed. Config: {@code
 * pages}, and {@code delayMillis}, what a task takes [0].
 */
public final class GmailSync implements Integration {

    public static final String DOMAIN = "bench-gmail-sync";
    public static final String INITIAL_TASK = "getEmailList";
    public static final int PER_PAGE = 50;
    public static final int CONCURRENCY = 50;

    private static final String DOWNLOAD = "downloadEmail";
    private static final String MAIL = "A line of mail, as long as lines of mail tend to be: 64 bytes.\r\n".repeat(16);

    @Override
    public Manifest manifest() {
        return Described.as(
                DOMAIN,
                Limits.DEFAULT.withConcurrency(CONCURRENCY),
                Manifest.TaskType.list(INITIAL_TASK),
                Manifest.TaskType.download(DOWNLOAD));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws InterruptedException {
        long delayMillis = context.config().integer("delayMillis").orElse(0L);
        if (delayMillis > 0) {
            Thread.sleep(delayMillis);
        }
        if (task.type().equals(DOWNLOAD)) {
            return TaskResult.ofOutputs(List.of(download(task.payload())));
        }
        return list(task.payload().integer("page").orElse(0L), context.config());
    }

    private static Output download(JsonObject payload) {
        long hopMicros = Described.nowMicros() - payload.requireInteger("listedMicros");
        return Described.executedNow("mail-" + payload.requireInteger("mail"), MAIL)
                .withMetadata(JsonObject.of("hopMicros", hopMicros));
    }

    private static TaskResult list(long page, JsonObject config) {
        long now = Described.nowMicros();
        var tasks = new ArrayList<FollowUp>();
        for (long mail = page * PER_PAGE; mail < (page + 1) * PER_PAGE; mail++) {
            tasks.add(new FollowUp(DOWNLOAD, new JsonObject(Map.of("mail", mail, "listedMicros", now))));
        }
        if (page + 1 < config.requireInteger("pages")) {
            tasks.add(FollowUp.of(INITIAL_TASK, "page", page + 1));
        }
        return TaskResult.ofTasks(tasks);
    }
}
