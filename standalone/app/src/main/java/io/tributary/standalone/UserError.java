package io.tributary.standalone;

import org.jspecify.annotations.Nullable;

/** What a person did or has that keeps a command from going on. The message is one line and says what to do. */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
