package io.tributary.integrations.ftp;

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
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Syncs the files of an FTP, FTPS or SFTP server; the package says how, and {@link Failures} what can go wrong. */
public final class FtpIntegration implements Integration {

    /** Connections, hence tasks, at a time for an account: servers allow few, from 5 on. */
    static final int CONCURRENCY = 4;

    private final Connections connections;

    public FtpIntegration() {
        this(Connections.MAX_IDLE_TIME);
    }

    FtpIntegration(Duration maxIdleTime) {
        connections = new Connections(maxIdleTime);
    }

    @Override
    public Manifest manifest() {
        return new Manifest(
                "ftp",
                "1.0.0",
                "Files on FTP, FTPS or SFTP",
                Set.of(Auth.BASIC, Auth.PRIVATE_KEY),
                resource("config.schema.json"),
                List.of(new SyncType("default", ListDirectory.TYPE, Duration.ofMinutes(15))),
                List.of(TaskType.list(ListDirectory.TYPE), TaskType.download(DownloadFile.TYPE)),
                Limits.DEFAULT.withConcurrency(CONCURRENCY).withTaskTimeout(Duration.ofMinutes(15)));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Account account = Account.of(context);
        FtpConfig config = account.config();
        Connections.Addresses addresses = () -> context.resolve(config.host());
        Connections.Use<TaskResult> work = work(task, context, config);
        return work instanceof DownloadFile download
                ? download(account, addresses, download)
                : connections.use(account, addresses, work);
    }

    private static Connections.Use<TaskResult> work(Task task, TaskContext context, FtpConfig config)
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

    /** Resumes what broke off, on the next connection, as long as each one brings it forward. */
    private TaskResult download(Account account, Connections.Addresses addresses, DownloadFile download)
            throws TaskFailure, InterruptedException {
        while (true) {
            try {
                return connections.use(account, addresses, download);
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

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(FtpIntegration.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
