package io.tributary.integrations.ftp;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The size and the time of a file, by which a run recognizes a file that did not change.
 *
 * @param size bytes; -1 when the server gives none
 * @param modifiedAt when it last changed; null when the server gives none
 */
record Version(long size, @Nullable Instant modifiedAt) {

    /** Whether the two may be the same: a size or a time that one of them lacks is not compared. */
    boolean matches(Version other) {
        return (size < 0 || other.size < 0 || size == other.size)
                && (modifiedAt == null || other.modifiedAt == null || modifiedAt.equals(other.modifiedAt));
    }
}
