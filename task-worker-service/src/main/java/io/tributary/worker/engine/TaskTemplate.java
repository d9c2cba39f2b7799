package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * What the follow-up tasks of a run have in common, so that the store keeps it once for the run and not for each task:
 * a compact task takes about 100 bytes, where the record takes 300 and more.
 *
 * <pre>
 *   1 | task id | parent | created at | attempt | priority | type | payload
 * </pre>
 *
 * <p>A task that differs in any other field, also one that a later version of the schema adds, is stored as its record.
 * The first byte of a record is 0.
 */
final class TaskTemplate {

    private static final byte COMPACT = 1;

    /** The fields of a compact task; all others are those of the template. */
    private static final Set<String> OWN =
            Set.of("task_id", "parent_task_id", "created_at", "attempt", "priority", "type", "payload");

    private final Task common;

    /** @param example any follow-up task of the run */
    TaskTemplate(Task example) {
        this.common = example;
    }

    static boolean isCompact(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == COMPACT;
    }

    /** The compact form of a task; null: it does not follow the template. */
    byte @Nullable [] compact(Task task) {
        if (task.getParentTaskId() == null || !follows(task)) {
            return null;
        }
        byte[] type = task.getType().getBytes(StandardCharsets.UTF_8);
        byte[] payload = task.getPayload().getBytes(StandardCharsets.UTF_8);
        try {
            var bytes = new ByteArrayOutputStream(1 + 16 + 16 + 8 + 4 + 1 + 2 + type.length + payload.length);
            var out = new DataOutputStream(bytes);
            out.writeByte(COMPACT);
            write(out, task.getTaskId());
            write(out, task.getParentTaskId());
            out.writeLong(task.getCreatedAt().toEpochMilli());
            out.writeInt(task.getAttempt());
            out.writeByte(task.getPriority());
            out.writeShort(type.length);
            out.write(type);
            out.write(payload);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is none in memory
        }
    }

    private boolean follows(Task task) {
        for (Schema.Field field : task.getSchema().getFields()) {
            if (!OWN.contains(field.name()) && !Objects.equals(task.get(field.pos()), common.get(field.pos()))) {
                return false;
            }
        }
        return task.getPriority() == (byte) task.getPriority() && task.getType().length() < 1_000;
    }

    /**
     * The task of a compact form.
     *
     * @throws SerializationException when the bytes are no such form
     */
    Task expand(byte[] compact) {
        try (var in = new DataInputStream(new ByteArrayInputStream(compact, 1, compact.length - 1))) {
            UUID taskId = readUuid(in);
            UUID parent = readUuid(in);
            Instant createdAt = Instant.ofEpochMilli(in.readLong());
            int attempt = in.readInt();
            int priority = in.readByte();
            byte[] type = new byte[in.readUnsignedShort()];
            in.readFully(type);
            return Task.newBuilder(common)
                    .setTaskId(taskId)
                    .setParentTaskId(parent)
                    .setCreatedAt(createdAt)
                    .setAttempt(attempt)
                    .setPriority(priority)
                    .setType(new String(type, StandardCharsets.UTF_8))
                    .setPayload(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .build();
        } catch (EOFException e) {
            throw new SerializationException("a waiting task in the store is cut off", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is none in memory
        }
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
