package io.tributary.sink.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay that this sink executes.
 *
 * @param userIntegrationId user integration of the replayed records; null: all
 * @param taskType type of the replayed tasks; null: initial tasks, which spawn their follow-up tasks again
 * @param fromTime only records of this time or later; null: see {@code fromOffset}
 * @param fromOffset only records from this offset of each partition on; null: all
 * @param byOperator whether an operator requested it
 * @param targetSchema schema of the table that outputs fill instead of the live one; null: the live one
 */
public record Replay(
        UUID id,
        Kind kind,
        @Nullable UUID userIntegrationId,
        @Nullable String taskType,
        @Nullable Instant fromTime,
        @Nullable Long fromOffset,
        boolean byOperator,
        @Nullable String targetSchema) {

    /** Time until it is another replay's turn. */
    private static final Duration TURN = Duration.ofSeconds(10);

    /** The same for an operator's. */
    private static final Duration TURN_OF_OPERATOR = Duration.ofSeconds(40);

    Duration turn() {
        return byOperator ? TURN_OF_OPERATOR : TURN;
    }

    /** The topic to read again, and the effect. */
    public enum Kind {
        /** Outputs are written as rows of content again. */
        OUTPUTS,
        /** Tasks are executed again, by new runs. */
        TASKS
    }
}
