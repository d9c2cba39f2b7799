package io.tributary.schemas;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The topics are missing, or would lose records: a service must not start. The message begins with the code. */
@NullMarked
public final class TopicsException extends KafkaException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final String reason;
    private final String action;

    TopicsException(String code, String reason, String action, @Nullable Throwable cause) {
        super(code + ": " + reason + " " + action, cause);
        this.code = code;
        this.reason = reason;
        this.action = action;
    }

    /** The stable code, such as {@code topics.partitionsDiffer}. */
    public String code() {
        return code;
    }

    /** The problem, in one line. */
    public String reason() {
        return reason;
    }

    /** The remedy, in one line. */
    public String action() {
        return action;
    }
}
