package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\"a\": [1, -2.5e3, true, null, {\"b\": \"c\"}]} ",
                "{\"a\": \"\\n \\\\ \\\"\"}",
                "{\"a\": 1e10000, \"b\": 1e-10000}"
            })
    void leavesAnObjectAsItIs(String json) {
        assertThat(StorableJson.object(json)).isSameAs(json);
    }

    @Test
    void replacesEscapesThatJsonbRefuses() {
        assertThat(StorableJson.object(
                        "{\"k\\u0000\": [\"\\u0000\", \"\\ud800\", \"\\ud83d\\ude00\", 1.50, \"\\u00e4\"]}"))
                .isEqualTo("{\"k\ufffd\":[\"\ufffd\",\"\ufffd\",\"\ud83d\ude00\",1.50,\"ä\"]}");
    }

    @Test
    void doesNotTakeAnEscapedBackslashForAnEscape() {
        assertThat(StorableJson.object("{\"a\":\"\\\\u0000\"}")).isEqualTo("{\"a\":\"\\\\u0000\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "\"text\"",
                "[1]",
                "{",
                "{\"a\": 1",
                "{\"a\": 1}}",
                "{\"a\": 1} {}",
                "{a: 1}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": 1e10001}",
                "{\"a\": -1E99999999999999999999}",
                "{\"a\": \"\n\"}"
            })
    void keepsWhatIsNoStorableObjectUnderAKey(String text) {
        assertThat(StorableJson.parsed(text)).isEmpty();
        assertThat(StorableJson.parsed(StorableJson.object(text))).isPresent();
        assertThat(StorableJson.object(text)).startsWith("{\"unparsed\":");
    }

    @Test
    void keepsTextThatIsNeitherJsonNorStorable() {
        assertThat(StorableJson.object("oh \0 \"no\"")).isEqualTo("{\"unparsed\":\"oh \ufffd \\\"no\\\"\"}");
    }

    @Test
    void survivesDepthAndLengthBeyondReason() {
        String deep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
        String longNumber = "{\"a\":" + "1".repeat(10_000) + "}";

        assertThat(StorableJson.object(deep)).startsWith("{\"unparsed\":");
        assertThat(StorableJson.object(longNumber)).startsWith("{\"unparsed\":");
    }
}
