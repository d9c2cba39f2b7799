package io.tributary.integrations.ftp;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A name in a directory, as it is listed.
 *
 * @param name in bytes, one character each, as the server sent it: anything but checked
 * @param size bytes of a file; -1 when the server gives none
 * @param modifiedAt when it last changed; null when the server gives none
 * @param rough whether {@code modifiedAt} is no better than LIST has it: to the minute or the day, in a time zone that
 *     the server does not give
 */
record RemoteFile(
        String name, Kind kind, long size, @Nullable Instant modifiedAt, boolean rough) {

    enum Kind {
        /** A file, or a link to one. */
        FILE,
        DIRECTORY,
        /** A link, before it is known to what. */
        LINK,
        /** The directory itself or the one above, a device, a pipe, a link to a directory or to nothing. */
        OTHER,
        /** Unknown: its name is a line of a listing that is not understood, which may be a file. */
        UNREADABLE
    }

    static RemoteFile unreadable(String line) {
        return new RemoteFile(line, Kind.UNREADABLE, -1, null, true);
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Whether size or time can show that the file changed. */
    boolean hasVersion() {
        return size >= 0 || modifiedAt != null;
    }

    RemoteFile with(Version version) {
        return new RemoteFile(
                name,
                Kind.FILE,
                version.size() < 0 ? size : version.size(),
                version.modifiedAt() == null ? modifiedAt : version.modifiedAt(),
                version.modifiedAt() == null && rough);
    }
}
