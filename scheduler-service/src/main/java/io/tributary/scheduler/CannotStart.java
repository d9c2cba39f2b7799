package io.tributary.scheduler;

import org.jspecify.annotations.Nullable;

/** The service cannot start with its configuration. */
public final class CannotStart extends RuntimeException {

    private final String reason;
    private final String action;

    /**
     * @param reason what is wrong, in one line, without secrets
     * @param action what to do about it, in one line
     */
    public CannotStart(String reason, String action, @Nullable Throwable cause) {
        super(reason + " " + action, cause);
        this.reason = reason;
        this.action = action;
    }

    public String reason() {
        return reason;
    }

    public String action() {
        return action;
    }
}
