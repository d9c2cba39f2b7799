package io.tributary.standalone;

import org.jspecify.annotations.Nullable;

/** A command that was called in a way it does not know. The message is one line and says what to do. */
public final class UsageError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageError(String message) {
        super(message);
    }

    public UsageError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
