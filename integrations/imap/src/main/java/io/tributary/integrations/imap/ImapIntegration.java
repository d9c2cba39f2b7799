package io.tributary.integrations.imap;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.Auth;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.sockets.KeptConnections;
import java.time.Duration;

/** Syncs a folder of an IMAP mailbox; the package says how, and {@link Failures} what can go wrong. */
public final class ImapIntegration implements Integration {

    /** Connections, hence tasks, at a time for an account: providers allow 10 to 15, and people have mail clients. */
    static final int CONCURRENCY = 4;

    private final KeptConnections<Account, ImapConnection> connections;

    public ImapIntegration() {
        this(KeptConnections.MAX_IDLE_TIME);
    }

    ImapIntegration(Duration maxIdleTime) {
        connections = new KeptConnections<>("imap-connections", maxIdleTime);
    }

    @Override
    public Manifest manifest() {
        return Manifest.builder("imap", "1.1.0", "IMAP mailbox")
                .auth(Auth.BASIC, Auth.OAUTH2)
                .configSchema(Integration.resource(ImapIntegration.class, "config.schema.json"))
                .syncType("default", ListMessages.TYPE, Duration.ofMinutes(15))
                .lists(ListMessages.TYPE)
                .downloads(DownloadMessages.TYPE)
                .limits(Limits.builder().concurrency(CONCURRENCY).build())
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Account account = Account.of(context);
        ImapConfig config = account.config();
        return connections.use(
                account,
                () -> new OpenConnection(account, connections.timer()).open(context.resolve(config.host())),
                work(task, context, config));
    }

    private static KeptConnections.Use<ImapConnection, TaskResult> work(
            Task task, TaskContext context, ImapConfig config) throws TaskFailure {
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
}
