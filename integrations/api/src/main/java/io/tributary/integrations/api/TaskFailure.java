package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a task, in the few kinds that the engine treats differently. Every failure has a stable code (
 * {@code domain.whatFailed}, such as {@code imap.authFailed}) that logs, tables, metrics and alerts share, and a
 * message for
 * people that names the remedy and has no credential and no payload.
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
     * The provider asks to wait (429, quota). The whole user integration is throttled until then; this costs no attempt
     * and is not an error.
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

    /**
     * The next attempt may succeed: unreachable, 5xx, reset. The task is tried again after a growing wait, up to the
     * manifest's attempts.
     */
    public static final class Transient extends TaskFailure {
        private final boolean withoutEffect;

        public Transient(String code, String message, @Nullable Throwable cause) {
            this(code, message, cause, false);
        }

        private Transient(String code, String message, @Nullable Throwable cause, boolean withoutEffect) {
            super(code, message, cause);
            this.withoutEffect = withoutEffect;
        }

        /** The same failure, of a request that certainly had no effect, such as one that was never sent. */
        public Transient certainlyWithoutEffect() {
            return new Transient(code(), reason(), getCause(), true);
        }

        /**
         * Whether the failed execution of an {@link Action} certainly had no effect, so that it may be executed again.
         * Any other kind of failure says that it had none.
         */
        public boolean isWithoutEffect() {
            return withoutEffect;
        }
    }

    /**
     * The provider rejected the credentials. The user integration expires, and polling stops until they are replaced.
     */
    public static final class Unauthorized extends TaskFailure {
        public Unauthorized(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The config cannot work: no such folder, no such host. Polling stops until the user changes the config. */
    public static final class Misconfigured extends TaskFailure {
        public Misconfigured(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The task will never succeed. It is dead-lettered immediately; the other tasks of the run continue. */
    public static final class Permanent extends TaskFailure {
        public Permanent(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }
}
