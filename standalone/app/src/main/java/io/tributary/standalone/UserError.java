package io.tributary.standalone;

import org.jspecify.annotations.Nullable;

/** A person can mend this: a command cannot go on. The message is one line and says what to do. */
public class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
