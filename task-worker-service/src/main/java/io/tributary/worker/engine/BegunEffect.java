package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An effect that a task is about to have.
 *
 * @param id the first 128 bits of the SHA-256 of its account and its key
 * @param key business key
 * @param task the task, whatever becomes of its run
 * @param begunBy the task whose execution began before, and whose end is not known; null: there is none
 * @param happened whether it happened before, as this partition knows: then nothing is executed
 */
public record BegunEffect(
        UUID id, String key, Task task, @Nullable UUID begunBy, boolean happened) {

    /** Whether an earlier execution of this task, or of another one with the same key, may have had the effect. */
    public boolean mayHaveHappened() {
        return begunBy != null;
    }

    /** Whether a person decided about the earlier execution: this task is another one, and executes it again. */
    public boolean isDecided() {
        return task.getTrigger() == Trigger.replay && !task.getTaskId().equals(begunBy);
    }

    static UUID idOf(UUID account, String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((account + "/" + key).getBytes(StandardCharsets.UTF_8));
            var bytes = ByteBuffer.wrap(hash);
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
