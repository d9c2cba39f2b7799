package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a task did not succeed, in the few kinds that the engine treats differently. Every failure has a stable code
 * ({@code domain.whatFailed}, such as {@code imap.authFailed}) that logs, tables, metrics and alerts share, and a
 * message for a person that says what to do and holds no credential and no payload.
 */
public abstract sealed class TaskFailure extends Exception {

    private final String code;

    private TaskFailure(String code, String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.code = requireNonNull(code, "code");
    }

    /** The stable code. */
    public String code() {
        return code;
    }

    /** The message; never null here. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /**
     * The provider asks to wait (429, quota). The whole user integration rests until then; this costs no attempt and
     * is not an error.
     */
    public static final class RetryLater extends TaskFailure {
        private final Duration after;

        /** @param after how long to wait, 0 and up; the engine caps it at 24 hours */
        public RetryLater(String code, String message, Duration after) {
            super(code, message, null);
            this.after = after.isNegative() ? Duration.ZERO : after;
        }

        public Duration after() {
            return after;
        }
    }

    /** It may work next time: unreachable, 5xx, reset. Tried again after a growing wait, up to the manifest's attempts. */
    public static final class Transient extends TaskFailure {
        public Transient(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The credentials were refused. The user integration expires and stops polling until they are replaced. */
    public static final class Unauthorized extends TaskFailure {
        public Unauthorized(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The config cannot work: no such folder, no such host. The user integration stops polling until it is changed. */
    public static final class Misconfigured extends TaskFailure {
        public Misconfigured(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** This item will never work. It is set aside at once; the rest of the run goes on. */
    public static final class Permanent extends TaskFailure {
        public Permanent(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }
}
