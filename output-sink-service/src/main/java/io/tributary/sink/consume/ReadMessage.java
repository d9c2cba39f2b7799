package io.tributary.sink.consume;

import io.tributary.sink.outage.Unavailable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the bytes of a record. The consumer does not do it, so that an unreadable record does not stop the records
 * behind it.
 *
 * @param deserializer thread safe
 */
public record ReadMessage(Deserializer<? extends SpecificRecord> deserializer) {

    /**
     * @throws Unreadable the bytes are not a message
     * @throws Unavailable the schema registry does not answer
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
            throw new Unavailable("schema registry", String.valueOf(e.getMessage()), e); // down, or rejecting us
        } catch (RuntimeException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e); // any exception of a decoder on invalid bytes
        }
        if (message == null) {
            throw new Unreadable("a record without a value", null);
        }
        return message;
    }
}
