package io.tributary.integrations.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads untrusted JSON. */
final class ReadJson {

    private static final int DEEPEST = 200;
    private static final int LONGEST_NUMBER = 1000;

    /** The size of the body bounds strings, which may be whole attachments. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<@Nullable Object>> LIST = new TypeReference<>() {};

    private ReadJson() {}

    /** @throws tools.jackson.core.JacksonException when the text is no JSON object */
    static Map<String, @Nullable Object> object(String text) {
        return notNull(MAPPER.readValue(text, OBJECT));
    }

    /** @throws tools.jackson.core.JacksonException when the text is no JSON array */
    static List<@Nullable Object> list(String text) {
        return notNull(MAPPER.readValue(text, LIST));
    }

    /** {@code null} is JSON as well. */
    private static <T> T notNull(@Nullable T value) {
        if (value == null) {
            throw tools.jackson.databind.DatabindException.from(
                    (tools.jackson.core.JsonParser) null, "null is neither object nor array");
        }
        return value;
    }
}
