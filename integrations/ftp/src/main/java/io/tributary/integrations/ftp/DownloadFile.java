package io.tributary.integrations.ftp;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.sockets.ConnectionFailures;
import io.tributary.integrations.sockets.KeptConnections;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file, whole or not at all: it is taken only when as many bytes came as the file has, and when size and
 * time are the same after as before. A file that changes while it is read is tried again later.
 *
 * <p>The bytes that were read survive a broken connection: the next {@link #apply}, on another one, goes on where the
 * last one ended if the file is still the same. {@link #goesOn} decides whether to.
 *
 * <p>The output: external id is the path, name the file's name, external timestamp when it was modified, content its
 * bytes as text. The metadata are {@code path}, {@code directory}, {@code name}, {@code size} (bytes), {@code
 * modifiedAt} (ISO 8601) where known, and {@code contentEncoding}, {@code UTF-8} or {@code ISO-8859-1}: encoded that
 * way, the content is the file again.
 */
final class DownloadFile implements KeptConnections.Use<RemoteSession, TaskResult> {

    static final String TYPE = "downloadFile";

    /** Most times that a transfer is resumed in a task. */
    private static final int MAX_RESUMES = 5;

    /** Longest path that an item can be known by, characters. */
    static final int MAX_EXTERNAL_ID = 1024;

    static FollowUp followUp(RemotePath path, RemoteFile file) {
        JsonObject payload = path.payload().with("size", file.size());
        if (file.modifiedAt() != null) {
            payload = payload.with("modifiedAt", file.modifiedAt().toString());
        }
        return new FollowUp(TYPE, file.rough() ? payload.with("rough", true) : payload);
    }

    /** A task that fails: the run must not pass over something just because of how it is called. */
    static FollowUp rejected(RemotePath directory, String name) {
        return new FollowUp(TYPE, directory.payload().with("refused", RemotePath.textOf(name)));
    }

    /** A task that fails, for a line of a listing that is not understood: it may be a file. */
    static FollowUp unreadable(RemotePath directory, String line) {
        return new FollowUp(
                TYPE, directory.payload().with("unreadable", ConnectionFailures.printable(RemotePath.textOf(line))));
    }

    private final RemotePath path;
    private final @Nullable String refused;
    private final @Nullable String unreadable;
    private final Version listed;
    private final @Nullable Instant roughTime;
    private final Failures failures;

    private final FileBytes bytes = new FileBytes();
    private @Nullable Version version;
    private int resumes;
    private int countBefore;

    /** @throws IllegalArgumentException when the payload is not that of a download */
    DownloadFile(JsonObject payload, FtpConfig config) {
        this.path = RemotePath.of(payload);
        this.refused = payload.text("refused").orElse(null);
        this.unreadable = payload.text("unreadable").orElse(null);
        Instant modifiedAt = payload.text("modifiedAt").map(Instant::parse).orElse(null);
        boolean rough = payload.bool("rough").orElse(false);
        this.listed = new Version(payload.integer("size").orElse(-1L), rough ? null : modifiedAt);
        this.roughTime = modifiedAt;
        this.failures = new Failures(config);
    }

    @Override
    public TaskResult apply(RemoteSession session) throws TaskFailure, InterruptedException {
        if (refused != null) {
            throw failures.nameRejected(path, refused);
        }
        if (unreadable != null) {
            throw failures.listingUnreadable(path, unreadable);
        }
        if (path.text().length() > MAX_EXTERNAL_ID) {
            throw failures.nameRejected(path, path.name());
        }
        Version now = version == null ? firstLook(session) : session.version(path);
        if (now == null) {
            // Gone since it was listed.
            return TaskResult.nothing();
        }
        if (version == null || !version.matches(now)) {
            bytes.clear();
            version = now;
        }
        if (now.size() > FileBytes.MAX) {
            throw failures.fileTooLarge(path, now.size());
        }
        return read(session, now);
    }

    /** The listing is as good as asking again, when it is precise. */
    private @Nullable Version firstLook(RemoteSession session) throws TaskFailure, InterruptedException {
        return listed.size() >= 0 && listed.modifiedAt() != null ? listed : session.version(path);
    }

    private TaskResult read(RemoteSession session, Version before) throws TaskFailure, InterruptedException {
        countBefore = bytes.count();
        try {
            if (bytes.count() == 0 || bytes.count() != before.size()) {
                session.read(path, bytes.count(), bytes);
            }
        } catch (TaskFailure.Permanent refusal) {
            // Some servers answer the same whether it is gone or not ours to read.
            if (session.version(path) == null) {
                return TaskResult.nothing();
            }
            throw refusal;
        }
        if (bytes.isTooLarge()) {
            throw failures.fileTooLarge(path, bytes.count());
        }
        Version after = session.version(path);
        if (after == null) {
            // Gone while it was read.
            return bytes.count() == before.size() ? output(before) : TaskResult.nothing();
        }
        if (before.matches(after) && isWhole(after)) {
            return output(after);
        }
        if (before.matches(after)) {
            throw failures.fileTruncated(path, bytes.count(), after.size());
        }
        version = after;
        bytes.clear();
        if (before == listed) {
            // It changed between listing and download. A second look shows whether it still does.
            return read(session, after);
        }
        throw failures.fileChanging(path);
    }

    private boolean isWhole(Version now) {
        long size = now.size() >= 0 ? now.size() : listed.size();
        return size < 0 || size == bytes.count();
    }

    /** Whether to go on at once on another connection: this one brought the transfer forward before it broke. */
    boolean goesOn() {
        return bytes.count() > countBefore && resumes++ < MAX_RESUMES;
    }

    private TaskResult output(Version now) {
        FileBytes.Text text = bytes.text();
        Instant modifiedAt = now.modifiedAt() == null ? roughTime : now.modifiedAt();
        JsonObject metadata = JsonObject.of("path", path.text())
                .with("directory", path.directory())
                .with("name", path.name())
                .with("size", bytes.count())
                .with("contentEncoding", text.encoding());
        return TaskResult.ofOutputs(List.of(Output.content(path.text(), path.name(), text.content())
                .at(modifiedAt)
                .withMetadata(modifiedAt == null ? metadata : metadata.with("modifiedAt", modifiedAt.toString()))));
    }
}
