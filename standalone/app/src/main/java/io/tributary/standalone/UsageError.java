package io.tributary.standalone;

import org.jspecify.annotations.Nullable;

/** A command that was called in a way it does not know. */
public final class UsageError extends UserError {

    private static final long serialVersionUID = 1L;

    public UsageError(String message) {
        this(message, null);
    }

    public UsageError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
