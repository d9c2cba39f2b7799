package io.tributary.sink.consume;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the bytes of a record. Here and not in the consumer, so that one unreadable record stops none behind it. */
public final class ReadMessage {

    private final Deserializer<? extends SpecificRecord> deserializer;

    /** @param deserializer safe to be used by several threads */
    public ReadMessage(Deserializer<? extends SpecificRecord> deserializer) {
        this.deserializer = deserializer;
    }

    /**
     * @throws Unreadable the bytes are no message
     * @throws Unavailable the schema registry cannot be asked what they are
     */
    public SpecificRecord of(ConsumerRecord<byte[], byte[]> record) throws Unreadable {
        SpecificRecord message;
        try {
            message = deserializer.deserialize(record.topic(), record.headers(), record.value());
        } catch (SerializationException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw new Unavailable("schema registry", String.valueOf(e.getMessage()), e); // away, or refusing everybody
        } catch (RuntimeException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e); // whatever odd bytes do to a decoder
        }
        if (message == null) {
            throw new Unreadable("a record without a value", null);
        }
        return message;
    }
}
