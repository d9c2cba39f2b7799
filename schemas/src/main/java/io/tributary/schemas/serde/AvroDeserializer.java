package io.tributary.schemas.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in the Confluent wire format: into the generated class of the record's full name, or into generic
 * records. Older and newer schemas of the same record are resolved to the class's own. Thread safe.
 *
 * <p>Properties: {@code schema.registry.url}, {@code basic.auth.user.info}, {@code specific.avro.reader} [true]. What a
 * failure makes the caller do: a retriable {@link org.apache.kafka.common.errors.TimeoutException}: read the record
 * again later, the registry is away; {@link SerializationException}: this record will never be read, set it aside.
 *
 * @param <T> the records
 */
public final class AvroDeserializer<T> implements Deserializer<T> {

    private static final int HEADER_BYTES = 5;

    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private volatile @Nullable SerdeConfig config;

    /** @throws ConfigException when {@code schema.registry.url} is missing, or a value is not one of those it takes */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        config = SerdeConfig.of(properties, isKey);
        readers.clear();
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: null is read as null
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != 0) {
            throw new SerializationException("a record on " + topic + " is not in the registry's wire format");
        }
        int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
        DatumReader<T> reader = readers.get(id);
        if (reader == null) {
            reader = reader(id);
            readers.put(id, reader);
        }
        try {
            var decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
            return reader.read(null, decoder);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot read a record of schema " + id + " on " + topic, e);
        }
    }

    private DatumReader<T> reader(int id) {
        SerdeConfig settings = config;
        if (settings == null) {
            throw new ConfigException("the deserializer is used before it is configured");
        }
        Schema written = SchemaRegistryClient.shared(settings).schema(id);
        if (!settings.specific()) {
            return new GenericDatumReader<>(written);
        }
        Class<?> type = SpecificData.get().getClass(written);
        if (type == null) {
            throw new SerializationException("there is no class for the record " + written.getFullName());
        }
        return new SpecificDatumReader<>(written, SpecificData.get().getSchema(type), SpecificData.getForClass(type));
    }
}
