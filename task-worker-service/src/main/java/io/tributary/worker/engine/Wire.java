package io.tributary.worker.engine;

import io.tributary.schemas.Control;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Messages to and from their wire format. The engine encodes a task once and uses the bytes for the store and for the
 * topic. Thread safe.
 */
public final class Wire {

    private final Topics topics;
    private final Serializer<SpecificRecord> serializer;
    private final Deserializer<SpecificRecord> deserializer;

    /**
     * @param serializer thread safe
     * @param deserializer thread safe; gives the generated class of each message
     */
    public Wire(Topics topics, Serializer<SpecificRecord> serializer, Deserializer<SpecificRecord> deserializer) {
        this.topics = topics;
        this.serializer = serializer;
        this.deserializer = deserializer;
    }

    public Topics topics() {
        return topics;
    }

    /** @throws SerializationException when the registry refuses the schema */
    public byte[] encode(String topic, SpecificRecord message) {
        return serializer.serialize(topic, message);
    }

    /** @throws SerializationException when the bytes are not a task */
    Task decodeTask(byte[] bytes) {
        return decode(topics.tasks(), bytes, Task.class);
    }

    /** @throws SerializationException when the bytes are not a command */
    Control decodeControl(byte[] bytes) {
        return decode(topics.control(), bytes, Control.class);
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
