package io.tributary.integrations.ftp;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session of SFTP, version 3 (draft-ietf-secsh-filexfer-02), which every server speaks. Sizes and times are exact,
 * times to the second.
 */
final class SftpSession implements RemoteSession {

    private final Session session;
    private final ChannelSftp sftp;
    private final Failures failures;
    private boolean broken;

    SftpSession(Session session, ChannelSftp sftp, Failures failures) {
        this.session = session;
        this.sftp = sftp;
        this.failures = failures;
    }

    @Override
    public void list(RemotePath directory, Consumer<RemoteFile> each) throws TaskFailure, InterruptedException {
        var names = new Names(each);
        exchange(directory, () -> {
            sftp.ls(literally(directory), names);
            return directory;
        });
        if (names.tooMany) {
            throw failures.directoryTooLarge(directory);
        }
        for (RemoteFile link : names.links) {
            Version target = version(directory.child(link.name()));
            if (target != null) {
                each.accept(link.with(target));
            }
        }
    }

    /** Hands on each entry, but for links: they are asked about after the end of the list. */
    private static final class Names implements ChannelSftp.LsEntrySelector {
        private final Consumer<RemoteFile> each;
        private final List<RemoteFile> links = new ArrayList<>();
        private int count;
        private boolean tooMany;

        Names(Consumer<RemoteFile> each) {
            this.each = each;
        }

        @Override
        public int select(ChannelSftp.LsEntry entry) {
            tooMany = ++count > MAX_NAMES || links.size() > MAX_LINKS;
            if (tooMany) {
                return BREAK;
            }
            String name = entry.getFilename();
            if (name.equals(".") || name.equals("..")) {
                return CONTINUE;
            }
            SftpATTRS attributes = entry.getAttrs();
            var file = new RemoteFile(name, kind(attributes), size(attributes), modifiedAt(attributes), false);
            if (file.kind() == Kind.LINK && RemotePath.isName(name)) {
                links.add(file);
            } else {
                each.accept(file);
            }
            return CONTINUE;
        }
    }

    @Override
    public @Nullable Version version(RemotePath file) throws TaskFailure, InterruptedException {
        try {
            return exchange(file, () -> {
                        SftpATTRS attributes = sftp.stat(literally(file));
                        return kind(attributes) == Kind.FILE
                                ? Optional.of(new Version(size(attributes), modifiedAt(attributes)))
                                : Optional.<Version>empty();
                    })
                    .orElse(null);
        } catch (TaskFailure.Permanent refusal) {
            if (refusal.code().equals(Failures.PATH_NOT_FOUND)) {
                return null;
            }
            throw refusal;
        }
    }

    @Override
    public void read(RemotePath file, long from, FileBytes into) throws TaskFailure, InterruptedException {
        exchange(file, () -> {
            try (InputStream in = sftp.get(literally(file), null, from)) {
                readOrDisconnect(in, into);
            }
            return file;
        });
    }

    /** JSch waits for all answers that are under way when a stream is closed, and no interrupt ends that. */
    private void readOrDisconnect(InputStream in, FileBytes into) throws IOException {
        boolean read = false;
        try {
            into.readFrom(in);
            read = true;
        } finally {
            if (!read) {
                disconnect();
            }
        }
    }

    private interface Exchange<T> {
        T run() throws SftpException, IOException;
    }

    private <T> T exchange(RemotePath path, Exchange<T> exchange) throws TaskFailure, InterruptedException {
        boolean asBefore = false;
        try {
            T result = exchange.run();
            asBefore = true;
            return result;
        } catch (SftpException e) {
            TaskFailure meaning = meaning(e, path);
            asBefore = meaning instanceof TaskFailure.Permanent;
            throw meaning;
        } catch (IOException | RuntimeException e) {
            throw failures.broken(e);
        } finally {
            broken |= !asBefore;
        }
    }

    private TaskFailure meaning(SftpException failure, RemotePath path) throws InterruptedException {
        return switch (failure.id) {
            case ChannelSftp.SSH_FX_NO_SUCH_FILE -> failures.notFound(path);
            case ChannelSftp.SSH_FX_PERMISSION_DENIED -> failures.denied(path);
            // 4 is a failure of the server or of the connection; the cause shows which.
            default ->
                failure.getCause() == null && session.isConnected()
                        ? failures.protocolError(String.valueOf(failure.getMessage()), failure)
                        : failures.broken(failure.getCause() instanceof Exception cause ? cause : failure);
        };
    }

    /** Escapes the special characters of patterns: JSch takes every path for a pattern. */
    private static String literally(RemotePath path) {
        return path.wire().replaceAll("[\\\\*?]", "\\\\$0");
    }

    private static Kind kind(SftpATTRS attributes) {
        if (attributes.isLink()) {
            return Kind.LINK;
        }
        if (attributes.isDir()) {
            return Kind.DIRECTORY;
        }
        boolean unknown = (attributes.getFlags() & SftpATTRS.SSH_FILEXFER_ATTR_PERMISSIONS) == 0;
        return attributes.isReg() || unknown ? Kind.FILE : Kind.OTHER;
    }

    private static long size(SftpATTRS attributes) {
        return (attributes.getFlags() & SftpATTRS.SSH_FILEXFER_ATTR_SIZE) == 0 ? -1 : attributes.getSize();
    }

    private static @Nullable Instant modifiedAt(SftpATTRS attributes) {
        return (attributes.getFlags() & SftpATTRS.SSH_FILEXFER_ATTR_ACMODTIME) == 0
                ? null
                : Instant.ofEpochSecond(Integer.toUnsignedLong(attributes.getMTime()));
    }

    @Override
    public boolean isBroken() {
        return broken || !session.isConnected();
    }

    @Override
    public void logout() {
        disconnect();
    }

    @Override
    public void disconnect() {
        broken = true;
        sftp.disconnect();
        session.disconnect();
    }
}
