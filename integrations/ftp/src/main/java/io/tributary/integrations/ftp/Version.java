package io.tributary.integrations.ftp;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known to be the same as before.
 *
 * @param size bytes; -1 when the server does not say
 * @param modifiedAt when it last changed; null when the server does not say
 */
record Version(long size, @Nullable Instant modifiedAt) {

    /** Whether nothing speaks against the two being the same; what one of them does not know, it does not deny. */
    boolean matches(Version other) {
        return (size < 0 || other.size < 0 || size == other.size)
                && (modifiedAt == null || other.modifiedAt == null || modifiedAt.equals(other.modifiedAt));
    }
}
