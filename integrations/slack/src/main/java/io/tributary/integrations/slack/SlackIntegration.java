package io.tributary.integrations.slack;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.Auth;
import io.tributary.integrations.api.Manifest.SyncType;
import io.tributary.integrations.api.Manifest.TaskType;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Syncs Slack channels; the package says how, and {@link SlackApi} what can go wrong.
 *
 * <pre>
 *   listChannels -> readHistory (one each) -> readReplies (one for each thread that has new ones)
 *              \-> listChannels (next page)  \-> readHistory (next page)
 * </pre>
 */
public final class SlackIntegration implements Integration {

    private static final int CONCURRENCY = 4;
    /** The methods of tier 3 may be called 50 times a minute and more ("Rate limits"). */
    private static final double REQUESTS_PER_SECOND = 50 / 60.0;

    private static final int BURST = 50;

    @Override
    public Manifest manifest() {
        return new Manifest(
                "slack",
                "1.0.0",
                "Slack",
                Set.of(Auth.OAUTH2),
                resource("config.schema.json"),
                List.of(new SyncType("default", ListChannels.TYPE, Duration.ofMinutes(5))),
                List.of(
                        TaskType.list(ListChannels.TYPE),
                        TaskType.list(ReadHistory.TYPE),
                        TaskType.download(ReadReplies.TYPE)),
                Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(REQUESTS_PER_SECOND, BURST));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var slack = SlackApi.of(context);
        try {
            return switch (task.type()) {
                case ListChannels.TYPE -> new ListChannels(slack, context.config()).run(task.payload());
                case ReadHistory.TYPE -> new ReadHistory(slack, context, task.payload()).run();
                case ReadReplies.TYPE -> new ReadReplies(slack, context).run(task.payload());
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent(
                    "slack.unexpected", "The task or Slack's answer is not as expected: " + e.getMessage(), e);
        }
    }

    @Override
    public Account connect(TaskContext context) throws TaskFailure, InterruptedException {
        JsonObject who = SlackApi.of(context).call("auth.test", Map.of());
        String team = who.requireText("team_id");
        return new Account(
                team + ":" + who.text("user_id").orElse(""), who.text("team").orElse(team), JsonObject.EMPTY);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(SlackIntegration.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
