package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An item in the words that all platforms share, beside the item as its provider shows it. */
public sealed interface Unified {

    /** The object that is stored. */
    JsonObject toJson();

    /**
     * A post, a comment, a message or a person.
     *
     * @param authorId the provider's id of the author; null: unknown
     * @param author name of the author; null: unknown
     * @param text the words of the item, without markup where the provider has both; of more than 64 KB in UTF-8 only
     *     the beginning is kept. Null: none
     * @param parent external id of the item that it answers; null: none
     * @param thread id that all items of one conversation share; null: unknown
     * @param permalink address of the item for a browser; null: none
     * @param createdAt when it was made; null: at the time of its output, which may be that of a later change
     * @param counts figures of the item by name, such as {@code likes}; 50 at most
     */
    record Activity(
            @Nullable String authorId,
            @Nullable String author,
            @Nullable String text,
            @Nullable String parent,
            @Nullable String thread,
            @Nullable String permalink,
            @Nullable Instant createdAt,
            Map<String, Long> counts)
            implements Unified {

        /** An item of which nothing is known. */
        public static final Activity EMPTY = new Activity(null, null, null, null, null, null, null, Map.of());

        /** Longest text, bytes of UTF-8. */
        public static final int MAX_TEXT_BYTES = 64 * 1024;

        /** Longest of the other texts, bytes of UTF-8. */
        public static final int MAX_SHORT_BYTES = 2_048;

        private static final int MAX_COUNTS = 50;

        public Activity {
            text = text == null ? null : beginning(text);
            checkShort(authorId, "authorId");
            checkShort(author, "author");
            checkShort(parent, "parent");
            checkShort(thread, "thread");
            checkShort(permalink, "permalink");
            counts = Map.copyOf(counts);
            counts.keySet().forEach(name -> checkShort(name, "name of a count"));
            if (counts.size() > MAX_COUNTS) {
                throw new IllegalArgumentException("an item has at most " + MAX_COUNTS + " counts");
            }
        }

        @Override
        public JsonObject toJson() {
            var author = JsonObject.of("id", authorId).with("name", this.author).withoutNulls();
            var json = JsonObject.of("author", author.isEmpty() ? null : author.values())
                    .with("text", text)
                    .with("parent", parent)
                    .with("thread", thread)
                    .with("permalink", permalink)
                    .with("createdAt", createdAt == null ? null : createdAt.toString())
                    .withoutNulls();
            return counts.isEmpty() ? json : json.with("counts", new TreeMap<>(counts));
        }

        private static String beginning(String text) {
            if (text.length() <= MAX_TEXT_BYTES / 3) {
                return text;
            }
            var buffer = CharBuffer.wrap(text);
            // The encoder stops before the first character that does not fit.
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .encode(buffer, ByteBuffer.allocate(MAX_TEXT_BYTES), true);
            return text.substring(0, buffer.position());
        }

        private static void checkShort(@Nullable String text, String what) {
            if (text != null && text.getBytes(StandardCharsets.UTF_8).length > MAX_SHORT_BYTES) {
                throw new IllegalArgumentException("the " + what + " has more than " + MAX_SHORT_BYTES + " bytes");
            }
        }
    }

    /**
     * A value of a series at a time, which is that of its output. A later value of the same series, dimensions and time
     * replaces it.
     *
     * @param series its name, such as {@code impressions}, 1 to 200 characters
     * @param dimensions texts by name that belong to the series, such as {@code ad} with the id of an ad; 20 at most,
     *     with names of 1 to 200 characters and values of up to 500
     * @param value to 38 digits, of which up to 18 are behind the point
     */
    record Metric(String series, Map<String, String> dimensions, BigDecimal value) implements Unified {

        private static final int MAX_NAME = 200;
        private static final int MAX_VALUE = 500;
        private static final int MAX_DIMENSIONS = 20;
        private static final int MAX_DIGITS = 38;
        private static final int MAX_SCALE = 18;

        public Metric {
            requireNonNull(value, "value");
            checkName(series, "series");
            dimensions = Map.copyOf(dimensions);
            if (dimensions.size() > MAX_DIMENSIONS) {
                throw new IllegalArgumentException("a metric has at most " + MAX_DIMENSIONS + " dimensions");
            }
            dimensions.forEach((name, of) -> {
                checkName(name, "dimension");
                if (of.length() > MAX_VALUE) {
                    throw new IllegalArgumentException(
                            "the dimension " + name + " has more than " + MAX_VALUE + " characters");
                }
            });
            value = exact(value);
        }

        @Override
        public JsonObject toJson() {
            return JsonObject.of("series", series)
                    .with("dimensions", new TreeMap<>(dimensions))
                    .with("value", value.toPlainString());
        }

        private static BigDecimal exact(BigDecimal value) {
            if (value.signum() == 0) {
                return BigDecimal.ZERO;
            }
            // Without a look at the exponent first, 1e999999999 would be written out.
            BigDecimal shortest = value.stripTrailingZeros();
            long whole = (long) shortest.precision() - shortest.scale();
            if (shortest.scale() > MAX_SCALE || whole + Math.max(0, shortest.scale()) > MAX_DIGITS) {
                throw new IllegalArgumentException(
                        "a metric has at most " + MAX_DIGITS + " digits, " + MAX_SCALE + " of them behind the point");
            }
            return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
        }

        private static void checkName(String name, String what) {
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw new IllegalArgumentException("the name of a " + what + " has 1 to " + MAX_NAME + " characters");
            }
        }

        /** Names the point: the same for the same series, dimensions and time. */
        String externalId(String time) {
            return ExternalIds.fitting("metric:" + series + new TreeMap<>(dimensions) + "@" + time);
        }
    }
}
