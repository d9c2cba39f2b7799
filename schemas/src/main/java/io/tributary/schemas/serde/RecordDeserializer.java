package io.tributary.schemas.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Our own {@link AvroDeserializer}. */
final class RecordDeserializer<T> implements Deserializer<T> {

    private final Remembered<Integer, DatumReader<T>> readers = new Remembered<>();
    private final SerdeConfig config;

    RecordDeserializer(SerdeConfig config) {
        this.config = config;
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: null is read as null
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < RecordEncoder.HEADER_BYTES || bytes[0] != RecordEncoder.MAGIC) {
            throw new SerializationException("a record on " + topic + " is not in the registry's wire format");
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        DatumReader<T> reader = readers.get(id);
        if (reader == null) {
            reader = reader(id);
            readers.put(id, reader);
        }
        try {
            return reader.read(null, new BoundedDecoder(bytes, RecordEncoder.HEADER_BYTES));
        } catch (IOException | RuntimeException | StackOverflowError e) { // the last: bytes that nest without end
            throw new SerializationException("cannot read a record of schema " + id + " on " + topic, e);
        }
    }

    private DatumReader<T> reader(int id) {
        Schema written = SchemaRegistryClient.shared(config).schema(id, config.unknownIdWait());
        return config.specific() ? specificReader(written) : new GenericDatumReader<>(written);
    }

    private static <T> DatumReader<T> specificReader(Schema written) {
        Class<?> type = SpecificData.get().getClass(written);
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new SerializationException("there is no generated class for the record " + written.getFullName());
        }
        try {
            return new SpecificDatumReader<>(
                    written, SpecificData.get().getSchema(type), SpecificData.getForClass(type));
        } catch (AvroRuntimeException e) {
            throw new SerializationException("cannot read " + written.getFullName() + " into " + type.getName(), e);
        }
    }
}
