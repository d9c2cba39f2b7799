package io.tributary.worker.codec;

import io.tributary.schemas.Control;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Messages to and from their wire format. The engine encodes a task once and uses the bytes for the store and for the
 * topic. Thread safe.
 *
 * @param serializer thread safe
 * @param deserializer thread safe; gives the generated class of each message
 */
public record MessageCodec(
        Topics topics, Serializer<SpecificRecord> serializer, Deserializer<SpecificRecord> deserializer) {

    /**
     * Encodes a message, of which the broker accepts the result: texts are cut, and a dead letter or progress that is
     * too large loses its large parts. The size of outputs, tasks and listings is the caller's to check.
     *
     * @throws SerializationException when the registry rejects the schema
     */
    public byte[] encode(String topic, SpecificRecord message) {
        SpecificRecord bounded = BoundedMessage.cut(message);
        byte[] encoded = serializer.serialize(topic, bounded);
        return encoded.length > BoundedMessage.MAX_BYTES && BoundedMessage.isReducible(bounded)
                ? serializer.serialize(topic, BoundedMessage.reduced(bounded, encoded))
                : encoded;
    }

    /** @throws SerializationException when the bytes are not a task */
    public Task decodeTask(byte[] bytes) {
        return decode(topics.tasks(), bytes, Task.class);
    }

    /** @throws SerializationException when the bytes are not a command */
    public Control decodeControl(byte[] bytes) {
        return decode(topics.control(), bytes, Control.class);
    }

    /** @throws SerializationException when the bytes are not a manifest */
    public IntegrationManifest decodeManifest(byte[] bytes) {
        return decode(topics.integrations(), bytes, IntegrationManifest.class);
    }

    private <T> T decode(String topic, byte[] bytes, Class<T> type) {
        SpecificRecord message = deserializer.deserialize(topic, bytes);
        if (!type.isInstance(message)) {
            throw new SerializationException("expected a " + type.getSimpleName() + " on " + topic + ", found "
                    + (message == null ? "nothing" : message.getSchema().getFullName()));
        }
        return type.cast(message);
    }
}
