package io.tributary.sink.deadletter;

import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.postgres.StorableJson;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message as a JSON object with the fields of its schema: times in RFC 3339, ids and enums as text, bytes in Base64.
 */
public final class RecordJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String RAW = "raw";

    private RecordJson() {}

    static String of(IndexedRecord message) {
        var json = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            write(generator, message);
        }
        return StorableJson.object(json.toString());
    }

    /** Bytes that could not be read as a message: {@code {"raw": Base64}}, empty without bytes. */
    static String ofBytes(@Nullable ByteBuffer bytes) {
        return bytes == null ? "{}" : "{\"" + RAW + "\":\"" + base64(bytes) + "\"}";
    }

    /** The bytes of {@link #ofBytes}; null if the object has none. */
    public static byte @Nullable [] bytes(String json) {
        JsonNode raw = MAPPER.readTree(json).get(RAW);
        return raw == null ? null : Base64.getDecoder().decode(raw.asString());
    }

    /**
     * Fills a message by its schema; a field that the object lacks keeps the default of the schema.
     *
     * @param json an object that {@link #of} wrote, maybe by an earlier schema
     * @throws Unreadable the object is not such a message
     */
    public static <T extends SpecificRecord> T read(String json, T message) throws Unreadable {
        try {
            JsonNode object = MAPPER.readTree(json);
            for (Field field : message.getSchema().getFields()) {
                JsonNode value = object.get(field.name());
                message.put(
                        field.pos(),
                        value == null ? SpecificData.get().getDefaultValue(field) : read(value, field.schema()));
            }
            return message;
        } catch (RuntimeException e) { // a field without a default is missing, or has another type
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Supports the types that outputs use. */
    private static @Nullable Object read(JsonNode value, Schema schema) {
        if (value.isNull()) {
            return null;
        }
        String logicalType =
                schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
        return switch (schema.getType()) {
            case UNION -> read(value, schema.getTypes().getLast()); // "null" comes first
            case ENUM -> SpecificData.get().createEnum(value.asString(), schema);
            case INT -> value.asInt();
            case LONG -> logicalType.isEmpty() ? value.asLong() : Instant.parse(value.asString());
            default -> logicalType.isEmpty() ? value.asString() : UUID.fromString(value.asString());
        };
    }

    private static void write(JsonGenerator generator, IndexedRecord message) {
        generator.writeStartObject();
        for (Field field : message.getSchema().getFields()) {
            generator.writeName(field.name());
            write(generator, message.get(field.pos()));
        }
        generator.writeEndObject();
    }

    /** Supports the types that the schemas of the contract use; any other becomes its text. */
    private static void write(JsonGenerator generator, @Nullable Object value) {
        switch (value) {
            case null -> generator.writeNull();
            case Boolean truth -> generator.writeBoolean(truth);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case IndexedRecord nested -> write(generator, nested);
            case ByteBuffer bytes -> generator.writeString(base64(bytes));
            default -> generator.writeString(value.toString()); // text, enum, uuid, time
        }
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
