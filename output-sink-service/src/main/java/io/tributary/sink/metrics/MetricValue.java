package io.tributary.sink.metrics;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.Run;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figure that an output is; Postgres can hold every value.
 *
 * @param run the run of the output
 * @param series its series
 * @param at its time, to the millisecond
 */
public record MetricValue(Run run, Series series, Instant at, BigDecimal value) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** As the worker writes it: without an exponent, which could stand for a number of a gigabyte. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,38}(\\.[0-9]{1,18})?");

    /** Bounds of {@code Unified.Metric} of the SPI. */
    private static final int MAX_NAME = 200;

    private static final int MAX_VALUE = 500;
    private static final int MAX_DIMENSIONS = 20;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /**
     * A series of an account.
     *
     * @param key the first 128 bits of the SHA-256 of name and dimensions
     * @param dimensions a JSON object of texts, in the order of their names
     */
    public record Series(UUID userIntegrationId, UUID key, String name, String dimensions) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Series that
                    && key.equals(that.key)
                    && userIntegrationId.equals(that.userIntegrationId);
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ userIntegrationId.hashCode();
        }
    }

    /** A series and a time: it has one value. */
    record Place(Series series, Instant at) {}

    Place place() {
        return new Place(series, at);
    }

    /** Empty if the output is no figure, or one that no worker writes: then it is stored as content. */
    public static Optional<MetricValue> of(Run run, Output output) {
        Instant at = output.getExternalTimestamp();
        String unified = output.getUnified();
        if (output.getKind() != OutputKind.metric || unified == null || at == null) {
            return Optional.empty();
        }
        if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            return Optional.empty();
        }
        try {
            JsonNode metric = MAPPER.readTree(unified);
            String name = metric.path("series").asString("");
            String value = metric.path("value").asString("");
            Map<String, String> dimensions = dimensions(metric.path("dimensions"));
            return isName(name)
                            && areDimensions(dimensions)
                            && NUMBER.matcher(value).matches()
                    ? Optional.of(new MetricValue(run, series(run, name, dimensions), at, new BigDecimal(value)))
                    : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_NAME;
    }

    private static boolean areDimensions(Map<String, String> dimensions) {
        return dimensions.size() <= MAX_DIMENSIONS
                && dimensions.keySet().stream().allMatch(MetricValue::isName)
                && dimensions.values().stream().allMatch(value -> value.length() <= MAX_VALUE);
    }

    private static Map<String, String> dimensions(JsonNode given) {
        var dimensions = new TreeMap<String, String>();
        given.forEachEntry((key, value) -> dimensions.put(StorableText.of(key), StorableText.of(value.asString(""))));
        return dimensions;
    }

    private static Series series(Run run, String name, Map<String, String> dimensions) {
        String json = MAPPER.writeValueAsString(dimensions);
        String storable = StorableText.of(name);
        return new Series(run.userIntegrationId(), key(storable, json), storable, json);
    }

    /** A NUL character, which no storable text has, separates the two. */
    private static UUID key(String name, String dimensions) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((name + '\0' + dimensions).getBytes(StandardCharsets.UTF_8));
            var bytes = ByteBuffer.wrap(hash);
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
