package io.tributary.integrations.imap;

import io.tributary.integrations.api.Integration;
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

/** Syncs a folder of an IMAP mailbox; the package says how, and {@link Failures} what can go wrong. */
public final class ImapIntegration implements Integration {

    /** Connections, hence tasks, at a time for an account: providers allow 10 to 15, and people have mail clients. */
    static final int CONCURRENCY = 4;

    private final Connections connections;

    public ImapIntegration() {
        this(Connections.MAX_IDLE_TIME);
    }

    ImapIntegration(Duration maxIdleTime) {
        connections = new Connections(maxIdleTime);
    }

    @Override
    public Manifest manifest() {
        return new Manifest(
                "imap",
                "1.1.0",
                "IMAP mailbox",
                Set.of(Auth.BASIC, Auth.OAUTH2),
                resource("config.schema.json"),
                List.of(new SyncType("default", ListMessages.TYPE, Duration.ofMinutes(15))),
                List.of(TaskType.list(ListMessages.TYPE), TaskType.download(DownloadMessages.TYPE)),
                Limits.DEFAULT.withConcurrency(CONCURRENCY));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Account account = Account.of(context);
        ImapConfig config = account.config();
        return connections.use(account, () -> context.resolve(config.host()), work(task, context, config));
    }

    private static Connections.Use<TaskResult> work(Task task, TaskContext context, ImapConfig config)
            throws TaskFailure {
        try {
            return switch (task.type()) {
                case ListMessages.TYPE -> new ListMessages(task.payload(), context, config);
                case DownloadMessages.TYPE -> new DownloadMessages(task.payload(), config);
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent("imap.invalidTask", "This task cannot be executed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ImapIntegration.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
