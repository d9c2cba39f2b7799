package io.tributary.sink.replay;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay that this sink works on.
 *
 * @param userIntegrationId whose records are replayed; null: everybody's
 * @param taskType of tasks: which; null: initial tasks, whose follow-ups come by themselves
 * @param fromTime records of that time and later; null: see {@code fromOffset}
 * @param fromOffset records from that offset of each partition on; null: all there are
 * @param targetSchema of outputs: the schema whose table is filled, beside the live one; null: the live one
 */
public record Replay(
        UUID id,
        Kind kind,
        @Nullable UUID userIntegrationId,
        @Nullable String taskType,
        @Nullable Instant fromTime,
        @Nullable Long fromOffset,
        @Nullable String targetSchema) {

    /** What is read again, and to what end. */
    public enum Kind {
        /** Outputs become rows of content again. */
        OUTPUTS,
        /** Tasks are run again, by runs of their own. */
        TASKS
    }
}
