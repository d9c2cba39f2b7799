package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.Task;
import io.tributary.sink.postgres.StorableText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter is about.
 *
 * @param taskType null where it is not a task that was set aside
 * @param json the task, the output, or {@code {"raw": Base64}} of bytes that could not be read as either
 */
record Subject(
        @Nullable UUID runId,
        @Nullable UUID taskId,
        @Nullable UUID userIntegrationId,
        @Nullable String userId,
        @Nullable String domain,
        @Nullable String taskType,
        String json) {

    static Subject of(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {
        if (letter.getTask() != null) {
            return of(letter.getTask());
        }
        if (letter.getOutput() != null) {
            return of(letter.getOutput());
        }
        return new Subject(null, null, keyOf(source), null, null, null, raw(letter.getRaw()));
    }

    private static Subject of(Task task) {
        return new Subject(
                task.getRunId(),
                task.getTaskId(),
                task.getUserIntegrationId(),
                StorableText.of(task.getUserId()),
                StorableText.of(task.getDomain()),
                StorableText.of(task.getType()),
                RecordJson.of(task));
    }

    private static Subject of(Output output) {
        return new Subject(
                output.getRunId(),
                output.getTaskId(),
                output.getUserIntegrationId(),
                null,
                StorableText.of(output.getDomain()),
                null,
                RecordJson.of(output));
    }

    private static @Nullable UUID keyOf(ConsumerRecord<byte[], byte[]> source) {
        try {
            return source.key() == null ? null : UUID.fromString(new String(source.key(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null; // a record that cannot be read may have any key
        }
    }

    private static String raw(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return "{}";
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "{\"raw\":\"" + Base64.getEncoder().encodeToString(copy) + "\"}";
    }
}
