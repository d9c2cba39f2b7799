package io.tributary.schemas.serde;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Our own {@link AvroSerializer}. */
final class RecordSerializer<T> implements Serializer<T> {

    private static final ThreadLocal<RecordEncoder> ENCODERS = ThreadLocal.withInitial(RecordEncoder::new);

    private final Remembered<Kind, Target> targets = new Remembered<>();
    private final SerdeConfig config;

    /** Records that are written alike. A generated and a generic record may have the same schema. */
    private record Kind(String topic, Class<?> type, Schema schema) {}

    /** How they are written: with which writer, under which id. */
    private record Target(int id, DatumWriter<Object> writer) {}

    RecordSerializer(SerdeConfig config) {
        this.config = config;
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
        var kind = new Kind(topic, record.getClass(), container.getSchema());
        Target target = targets.get(kind);
        if (target == null) {
            target = target(kind);
            targets.put(kind, target);
        }
        RecordEncoder encoder = ENCODERS.get();
        encoder.begin(target.id());
        try {
            target.writer().write(record, encoder);
            return encoder.bytes();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("cannot write a " + kind.schema().getFullName() + " to " + topic, e);
        }
    }

    private Target target(Kind kind) {
        SchemaRegistryClient registry = SchemaRegistryClient.shared(config);
        String subject = config.subjectNames().subject(kind.topic(), kind.schema());
        if (config.useLatest() && !config.autoRegister()) {
            SchemaRegistryClient.Registered latest = registry.latest(subject);
            return new Target(latest.id(), writerAs(latest.schema(), kind, subject));
        }
        return new Target(registry.id(subject, kind.schema(), config.autoRegister()), writer(kind));
    }

    private static DatumWriter<Object> writer(Kind kind) {
        return SpecificRecord.class.isAssignableFrom(kind.type())
                ? new SpecificDatumWriter<>(kind.schema(), SpecificData.getForClass(kind.type()))
                : new GenericDatumWriter<>(kind.schema());
    }

    /** Writes records as another schema than their own, where that one can take all they may hold. */
    private static DatumWriter<Object> writerAs(Schema latest, Kind kind, String subject) {
        if (latest.equals(kind.schema())) {
            return writer(kind);
        }
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(latest, kind.schema());
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new InvalidConfigurationException("the latest schema of " + subject
                    + " in the registry cannot take the records of this program: "
                    + compatibility.getResult().getIncompatibilities());
        }
        return new ResolvingWriter(writer(kind), kind.schema(), latest);
    }
}
