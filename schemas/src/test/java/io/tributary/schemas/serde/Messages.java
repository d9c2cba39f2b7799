package io.tributary.schemas.serde;

import io.tributary.schemas.Control;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** Messages of every type with every field set, made from their schemas, so that a new field is covered by itself. */
final class Messages {

    private Messages() {}

    /** Schemas of all messages that travel on topics. */
    static List<Schema> schemas() {
        return List.of(
                Task.SCHEMA$,
                Output.SCHEMA$,
                RunProgress.SCHEMA$,
                Listing.SCHEMA$,
                Control.SCHEMA$,
                DeadLetter.SCHEMA$,
                IntegrationManifest.SCHEMA$);
    }

    /** One generated record of every type. */
    static Stream<SpecificRecord> generated(RandomGenerator random) {
        return schemas().stream().map(schema -> generated(generic(schema, random)));
    }

    /** A generic record with a value in every field, also in those that may be null. */
    static GenericRecord generic(Schema schema, RandomGenerator random) {
        var record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), random)));
        return record;
    }

    /** The same as a generated record; by Avro's own coders. */
    static SpecificRecord generated(GenericRecord record) {
        try {
            var out = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
            var type = SpecificData.get().getClass(record.getSchema());
            var reader = new SpecificDatumReader<SpecificRecord>(
                    record.getSchema(), record.getSchema(), SpecificData.getForClass(type));
            return reader.read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object value(Schema schema, RandomGenerator random) {
        return switch (schema.getType()) {
            case UNION ->
                value(
                        schema.getTypes().stream()
                                .filter(branch -> branch.getType() != Schema.Type.NULL)
                                .findFirst()
                                .orElseThrow(),
                        random);
            case RECORD -> generic(schema, random);
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(1, schema.getEnumSymbols().size())));
            case STRING ->
                schema.getLogicalType() != null
                        ? new UUID(random.nextLong(), random.nextLong()).toString()
                        : text(random);
            case BYTES -> bytes(random);
            case INT -> random.nextInt();
            case LONG -> schema.getLogicalType() != null ? random.nextLong(0, 4_000_000_000_000L) : random.nextLong();
            case BOOLEAN -> true;
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case ARRAY ->
                new GenericData.Array<>(
                        schema,
                        List.of(value(schema.getElementType(), random), value(schema.getElementType(), random)));
            case MAP, FIXED, NULL ->
                throw new IllegalArgumentException("no message has a field of " + schema + " yet: make one here");
        };
    }

    private static String text(RandomGenerator random) {
        return "Grüße, 世界 \uD83C\uDF0A \u0000 " + random.nextLong();
    }

    private static ByteBuffer bytes(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(1, 100)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
