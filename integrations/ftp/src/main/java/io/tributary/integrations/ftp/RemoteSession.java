package io.tributary.integrations.ftp;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.sockets.KeptConnections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is logged in: the three things a sync asks of a server, none of which changes anything there. For
 * one thread at a time.
 *
 * <p>All of them end within the timeouts of the connection or when the virtual thread is interrupted. After a failure
 * of the connection itself it {@link #isBroken}; after a refusal it is as good as before.
 */
interface RemoteSession extends KeptConnections.Connection {

    /** Most names of a directory. Beyond, memory and time of a task would be the server's to fill. */
    int MAX_NAMES = 1_000_000;

    /** Most links of a directory, each of which has to be asked about. */
    int MAX_LINKS = 10_000;

    /**
     * Tells of everything in a directory, links to files as the files they lead to.
     *
     * @throws TaskFailure.Permanent {@code ftp.pathNotFound}, {@code ftp.permissionDenied}, or {@code
     *     ftp.directoryTooLarge} with more than {@link #MAX_NAMES} names or {@link #MAX_LINKS} links
     */
    void list(RemotePath directory, Consumer<RemoteFile> each) throws TaskFailure, InterruptedException;

    /** The file as it now is, links followed; null when there is none of that name, or it is no file. */
    @Nullable
    Version version(RemotePath file) throws TaskFailure, InterruptedException;

    /**
     * Reads a file from a byte on to its end, or until {@code into} is full. What was read before a failure stays
     * there.
     *
     * @throws TaskFailure.Permanent {@code ftp.pathNotFound} or {@code ftp.permissionDenied}
     */
    void read(RemotePath file, long from, FileBytes into) throws TaskFailure, InterruptedException;
}
