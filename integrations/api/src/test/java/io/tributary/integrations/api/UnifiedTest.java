package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.integrations.api.Output.Kind;
import io.tributary.integrations.api.Unified.Activity;
import io.tributary.integrations.api.Unified.Metric;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnifiedTest {

    private static final Instant TIME = Instant.parse("2026-11-30T00:00:00Z");

    @Test
    void anActivityNamesWhatIsKnownOnly() {
        var activity = new Activity(
                "7", "Ada", "Hello", "p1", "t1", "https://example.com/1", TIME, Map.of("likes", 2L, "answers", 1L));

        assertThat(activity.toJson().toJson())
                .isEqualTo("{\"author\":{\"id\":\"7\",\"name\":\"Ada\"},\"text\":\"Hello\",\"parent\":\"p1\","
                        + "\"thread\":\"t1\",\"permalink\":\"https://example.com/1\",\"createdAt\":\"2026-11-30T00:00:00Z\","
                        + "\"counts\":{\"answers\":1,\"likes\":2}}");
        assertThat(Activity.EMPTY.toJson()).isEqualTo(JsonObject.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00e9", "\u20ac", "\ud83d\ude00"})
    void keepsTheBeginningOfALongTextInWholeCharacters(String character) {
        String text = Objects.requireNonNull(
                activityWith(character.repeat(Activity.MAX_TEXT_BYTES)).text());

        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(bytes).isBetween(Activity.MAX_TEXT_BYTES - 3, Activity.MAX_TEXT_BYTES);
        assertThat(text).isEqualTo(character.repeat(text.length() / character.length()));
    }

    @Test
    void refusesAnActivityOutOfBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Activity("x".repeat(2_049), null, null, null, null, null, null, Map.of()));
        Map<String, Long> counts = IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "n" + i, i -> 1L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Activity(null, null, null, null, null, null, null, counts));
    }

    @Test
    void aMetricIsKnownBySeriesDimensionsAndTime() {
        Output first = Output.metric(metric("10"), TIME);

        assertThat(first.externalId()).isEqualTo("metric:impressions{ad=1, country=DE}@2026-11-30T00:00:00Z");
        assertThat(Output.metric(metric("11"), TIME).externalId()).isEqualTo(first.externalId());
        assertThat(Output.metric(metric("10"), TIME.plusMillis(1)).externalId()).isNotEqualTo(first.externalId());
        assertThat(metric("10").toJson().toJson())
                .isEqualTo("{\"series\":\"impressions\",\"dimensions\":{\"ad\":\"1\",\"country\":\"DE\"},"
                        + "\"value\":\"10\"}");
        var many = IntStream.range(0, 20).boxed().collect(Collectors.toMap(i -> "d" + i, i -> "v".repeat(500)));
        assertThat(Output.metric(new Metric("s", many, BigDecimal.ONE), TIME).externalId())
                .startsWith("sha256:");
    }

    @ParameterizedTest
    @CsvSource({"1E+3, 1000", "1.50, 1.5", "0E-900000000, 0", "-0.000000000000000001, -0.000000000000000001"})
    void writesValuesExactlyAndOut(String given, String written) {
        assertThat(metric(given).value().toPlainString()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1E+38", "1E+999999999", "1E-19", "1E-999999999", "123456789012345678901.123456789012345678"})
    void refusesValuesThatWouldNotBeStoredExactly(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> metric(value));
    }

    @Test
    void anOutputIsAMetricOrNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Output.of(Kind.METRIC, "1", "", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Output(Kind.POST, "1", TIME, "", null, JsonObject.EMPTY, metric("1")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Output(Kind.METRIC, "1", null, "", null, JsonObject.EMPTY, metric("1")));
        Output post = Output.of(Kind.POST, "1", "a post", "{}")
                .withUnified(activityWith("Hello"))
                .at(TIME)
                .withMetadata(JsonObject.of("a", 1));
        assertThat(post.unified()).isEqualTo(activityWith("Hello"));
    }

    private static Activity activityWith(String text) {
        return new Activity(null, null, text, null, null, null, null, Map.of());
    }

    private static Metric metric(String value) {
        return new Metric("impressions", Map.of("country", "DE", "ad", "1"), new BigDecimal(value));
    }
}
