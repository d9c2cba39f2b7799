package io.tributary.sink.consume;

import org.jspecify.annotations.Nullable;

/** A record's bytes are none of the messages its topic holds, and never will be. */
public final class Unreadable extends Exception {

    private static final long serialVersionUID = 1L;

    public Unreadable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
