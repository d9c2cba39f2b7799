package io.tributary.scheduler.http;

import org.jspecify.annotations.Nullable;

/**
 * The error of a run or a task, as responses show it.
 *
 * @param code stable, such as {@code imap.authFailed}
 * @param message for people
 */
public record RunError(String code, String message) {

    /** The error of a row; null when it has none. */
    public static @Nullable RunError of(@Nullable String code, @Nullable String message) {
        return code == null ? null : new RunError(code, message == null ? "" : message);
    }
}
