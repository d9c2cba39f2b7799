package io.tributary.sink.consume;

import org.jspecify.annotations.Nullable;

/** The bytes of a record are not a message of its topic, now or later. */
public final class Unreadable extends Exception {

    private static final long serialVersionUID = 1L;

    public Unreadable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
