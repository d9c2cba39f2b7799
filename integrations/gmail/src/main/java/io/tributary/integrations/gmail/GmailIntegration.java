package io.tributary.integrations.gmail;

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
import java.util.Objects;
import java.util.Set;

/** Syncs a Gmail mailbox; the package says how, and {@link GmailApi} what can go wrong. */
public final class GmailIntegration implements Integration {

    /**
     * Google grants a user 15,000 quota units a minute, and most of our requests cost 5 ("Usage limits"): 50 a second.
     * Some are left to the user's other programs.
     */
    private static final double REQUESTS_PER_SECOND = 40;

    private static final int CONCURRENCY = 10;

    @Override
    public Manifest manifest() {
        return new Manifest(
                "gmail",
                "1.0.0",
                "Gmail",
                Set.of(Auth.OAUTH2),
                resource("config.schema.json"),
                List.of(new SyncType("default", ListMessages.TYPE, Duration.ofMinutes(15))),
                List.of(
                        TaskType.list(ListMessages.TYPE),
                        TaskType.list(ReadHistory.TYPE),
                        TaskType.download(DownloadMessage.TYPE)),
                Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(REQUESTS_PER_SECOND, CONCURRENCY));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var mailbox = GmailApi.of(context);
        try {
            return switch (task.type()) {
                case ListMessages.TYPE -> new ListMessages(mailbox, context).run(task.payload());
                case ReadHistory.TYPE -> new ReadHistory(mailbox, context).run(task.payload());
                case DownloadMessage.TYPE -> new DownloadMessage(mailbox, context.options()).run(task.payload());
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent(
                    "gmail.unexpected", "The task or Gmail's answer is not as expected: " + e.getMessage(), e);
        }
    }

    @Override
    public Account connect(TaskContext context) throws TaskFailure, InterruptedException {
        String address = GmailApi.of(context).profile().requireText("emailAddress");
        return new Account(address, address, JsonObject.EMPTY);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(GmailIntegration.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
