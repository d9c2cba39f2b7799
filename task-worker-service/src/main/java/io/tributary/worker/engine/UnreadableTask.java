package io.tributary.worker.engine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a record says about its run although it cannot be decoded, such as when the registry does not know its schema.
 * The first two fields of a task are its id and that of its run in all versions of the schema, and those of an initial
 * task are equal: bytes that have them there are an initial task.
 */
final class UnreadableTask {

    /** The magic byte and the schema's id. */
    private static final int PREFIX_BYTES = 5;

    private static final int UUID_CHARACTERS = 36;
    /** The length of a UUID in Avro's variable-length zigzag code. */
    private static final byte UUID_LENGTH = 2 * UUID_CHARACTERS;

    private UnreadableTask() {}

    /** The run that the record begins; null: it does not begin one, or does not say so. */
    static @Nullable UUID runBegunBy(byte[] record) {
        try {
            var bytes = ByteBuffer.wrap(record, PREFIX_BYTES, Math.max(0, record.length - PREFIX_BYTES));
            UUID taskId = readUuid(bytes);
            return taskId.equals(readUuid(bytes)) ? taskId : null;
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // something else than a task
        }
    }

    /** The user integration that a record's key names; null: the key is no id. */
    static @Nullable UUID userIntegrationOf(@Nullable String key) {
        try {
            return key == null ? null : uuid(key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static UUID readUuid(ByteBuffer bytes) {
        if (bytes.get() != UUID_LENGTH) {
            throw new IllegalArgumentException("not the length of a UUID");
        }
        byte[] text = new byte[UUID_CHARACTERS];
        bytes.get(text);
        return uuid(new String(text, StandardCharsets.US_ASCII));
    }

    private static UUID uuid(String text) {
        if (text.length() != UUID_CHARACTERS) {
            throw new IllegalArgumentException("not a UUID");
        }
        return UUID.fromString(text);
    }
}
