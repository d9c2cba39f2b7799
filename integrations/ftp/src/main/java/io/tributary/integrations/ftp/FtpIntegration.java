package io.tributary.integrations.ftp;

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
import java.time.format.DateTimeParseException;

/** Syncs the files of an FTP, FTPS or SFTP server; the package says how, and {@link Failures} what can go wrong. */
public final class FtpIntegration implements Integration {

    /** Connections, hence tasks, at a time for an account: servers allow few, from 5 on. */
    static final int CONCURRENCY = 4;

    private final KeptConnections<Account, RemoteSession> connections;

    public FtpIntegration() {
        this(KeptConnections.MAX_IDLE_TIME);
    }

    FtpIntegration(Duration maxIdleTime) {
        connections = new KeptConnections<>("ftp-connections", maxIdleTime);
    }

    @Override
    public Manifest manifest() {
        return Manifest.builder("ftp", "1.0.0", "Files on FTP, FTPS or SFTP")
                .auth(Auth.BASIC, Auth.PRIVATE_KEY)
                .configSchema(Integration.resource(FtpIntegration.class, "config.schema.json"))
                .syncType("default", ListDirectory.TYPE, Duration.ofMinutes(15))
                .lists(ListDirectory.TYPE)
                .downloads(DownloadFile.TYPE)
                .limits(Limits.builder()
                        .concurrency(CONCURRENCY)
                        .taskTimeout(Duration.ofMinutes(15))
                        .build())
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Account account = Account.of(context);
        FtpConfig config = account.config();
        KeptConnections.Open<RemoteSession> open = () -> new OpenSession(account).open(context.resolve(config.host()));
        KeptConnections.Use<RemoteSession, TaskResult> work = work(task, context, config);
        return work instanceof DownloadFile download
                ? download(account, open, download)
                : connections.use(account, open, work);
    }

    private static KeptConnections.Use<RemoteSession, TaskResult> work(Task task, TaskContext context, FtpConfig config)
            throws TaskFailure {
        try {
            return switch (task.type()) {
                case ListDirectory.TYPE -> new ListDirectory(task.payload(), context, config);
                case DownloadFile.TYPE -> new DownloadFile(task.payload(), config);
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new TaskFailure.Permanent("ftp.invalidTask", "This task cannot be executed: " + e.getMessage(), e);
        }
    }

    /** Resumes a transfer that broke off on another connection, as long as each one makes progress. */
    private TaskResult download(Account account, KeptConnections.Open<RemoteSession> open, DownloadFile download)
            throws TaskFailure, InterruptedException {
        while (true) {
            try {
                return connections.use(account, open, download);
            } catch (TaskFailure.Transient failure) {
                if (!download.goesOn()) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
