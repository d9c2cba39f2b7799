package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

    @Test
    void writesItsValuesInOrder() {
        JsonObject object = JsonObject.of("text", "a")
                .with("number", 1)
                .with("large", new BigInteger("123456789012345678901234567890"))
                .with("exact", new BigDecimal("0.10"))
                .with("yes", true)
                .with("nothing", null)
                .with("list", Arrays.asList("x", null, List.of(), Map.of()))
                .with("object", Map.of("inner", 2.5));

        assertThat(object.toJson())
                .isEqualTo("{\"text\":\"a\",\"number\":1,\"large\":123456789012345678901234567890,\"exact\":0.10,"
                        + "\"yes\":true,\"nothing\":null,\"list\":[\"x\",null,[],{}],\"object\":{\"inner\":2.5}}");
    }

    @Test
    void escapesWhatJsonCannotHold() {
        assertThat(JsonObject.of("a\"b", "\\ \" \n \r \t \b \u0000 \u001f \u2028 ü \ud83d\ude00")
                        .toJson())
                .isEqualTo("{\"a\\\"b\":\"\\\\ \\\" \\n \\r \\t \\u0008 \\u0000 \\u001f \u2028 ü \ud83d\ude00\"}");
    }

    @Test
    void keepsHalfACharacterInAsciiSinceUtf8CannotHoldIt() {
        assertThat(JsonObject.of("a", "\ud83d x \ude00").toJson()).isEqualTo("{\"a\":\"\\ud83d x \\ude00\"}");
    }

    @Test
    void writesNullForWhatIsNoNumber() {
        assertThat(JsonObject.of("a", Double.NaN)
                        .with("b", Float.POSITIVE_INFINITY)
                        .toJson())
                .isEqualTo("{\"a\":null,\"b\":null}");
    }

    @Test
    void writesAnEmptyObject() {
        assertThat(JsonObject.EMPTY.toJson()).isEqualTo("{}");
    }

    @Test
    void getsTheDefaultsOfItsSchemaForMissingKeysOnly() {
        var schema = JsonObject.of(
                "properties",
                Map.of(
                        "url", Map.of("default", "https://usual.test"),
                        "count", Map.of("default", 10),
                        "note", Map.of("type", "string")));

        assertThat(JsonObject.of("count", 3).withDefaultsOf(schema).values())
                .isEqualTo(Map.of("count", 3, "url", "https://usual.test"));
        assertThat(JsonObject.EMPTY.withDefaultsOf(JsonObject.EMPTY)).isSameAs(JsonObject.EMPTY);
    }
}
