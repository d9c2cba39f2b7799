package io.tributary.sink.deadletter;

import io.tributary.sink.postgres.StorableJson;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A message as a JSON object with the fields of its schema: times in RFC 3339, ids and enums as text, bytes in Base64. */
final class RecordJson {

    private static final JsonFactory JSON = new JsonFactory();

    private RecordJson() {}

    static String of(IndexedRecord message) {
        var json = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            write(generator, message);
        }
        return StorableJson.object(json.toString());
    }

    private static void write(JsonGenerator generator, IndexedRecord message) {
        generator.writeStartObject();
        for (Field field : message.getSchema().getFields()) {
            generator.writeName(field.name());
            write(generator, message.get(field.pos()));
        }
        generator.writeEndObject();
    }

    /** Of the types that the schemas of the contract use; any other as its text. */
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
