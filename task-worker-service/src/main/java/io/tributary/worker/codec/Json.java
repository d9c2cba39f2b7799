package io.tributary.worker.codec;

import io.tributary.integrations.api.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON text to and from values. Thread safe. */
public final class Json {

    /** Ignores unknown properties, since the writer may be newer. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private Json() {}

    /** @throws tools.jackson.core.JacksonException when the text is not a JSON object */
    public static JsonObject readObject(String text) {
        return text.equals("{}") ? JsonObject.EMPTY : new JsonObject(MAPPER.readValue(text, OBJECT));
    }

    public static String write(JsonObject object) {
        return object.isEmpty() ? "{}" : MAPPER.writeValueAsString(object.values());
    }
}
