package io.tributary.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records, generated or generic, in the Confluent wire format. Thread safe.
 *
 * <p>Properties: {@code schema.registry.url}, {@code basic.auth.user.info}, {@code auto.register.schemas} [true], {@code
 * use.latest.version} [false], {@code value.subject.name.strategy} [RecordNameStrategy]. What a failure makes the
 * caller do: a retriable {@link org.apache.kafka.common.errors.TimeoutException}: try again, the registry is away;
 * {@link InvalidConfigurationException}: the registry refuses the schema; {@link SerializationException}: the record
 * does not fit its schema.
 *
 * @param <T> the records
 */
public final class AvroSerializer<T> implements Serializer<T> {

    private static final int ID_BYTES = 4;
    private static final int TYPICAL_BYTES = 512;

    private final Map<Schema, DatumWriter<Object>> writers = new ConcurrentHashMap<>();
    private final Map<TopicSchema, Target> targets = new ConcurrentHashMap<>();
    private volatile @Nullable SerdeConfig config;

    private record TopicSchema(String topic, Schema schema) {}

    /** What a schema is written as on a topic. */
    private record Target(int id, Schema schema) {}

    /** @throws ConfigException when {@code schema.registry.url} is missing, or a value is not one of those it takes */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        config = SerdeConfig.of(properties, isKey);
        targets.clear();
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: null is written as null
    public byte @Nullable [] serialize(String topic, @Nullable T record) {
        if (record == null) {
            return null;
        }
        if (!(record instanceof GenericContainer container)) {
            throw new SerializationException(record.getClass().getName() + " is not an Avro record");
        }
        Schema schema = container.getSchema();
        var key = new TopicSchema(topic, schema);
        Target target = targets.get(key);
        if (target == null) {
            target = target(topic, schema);
            targets.put(key, target);
        }
        return write(topic, record, target);
    }

    private Target target(String topic, Schema schema) {
        SerdeConfig settings = config;
        if (settings == null) {
            throw new ConfigException("the serializer is used before it is configured");
        }
        SchemaRegistryClient registry = SchemaRegistryClient.shared(settings);
        String subject = settings.subjectNames().subject(topic, schema);
        if (settings.useLatest() && !settings.autoRegister()) {
            SchemaRegistryClient.Latest latest = registry.latest(subject);
            return new Target(latest.id(), latest.schema());
        }
        return new Target(registry.id(subject, schema, settings.autoRegister()), schema);
    }

    private byte[] write(String topic, T record, Target target) {
        var out = new ByteArrayOutputStream(TYPICAL_BYTES);
        out.write(0);
        for (int shift = (ID_BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write(target.id() >>> shift);
        }
        try {
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writers.computeIfAbsent(target.schema(), schema -> writer(schema, record))
                    .write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot write a " + target.schema().getFullName() + " to " + topic, e);
        }
    }

    private static DatumWriter<Object> writer(Schema schema, Object record) {
        return record instanceof SpecificRecord
                ? new SpecificDatumWriter<>(schema, SpecificData.getForClass(record.getClass()))
                : new GenericDatumWriter<>(schema);
    }
}
