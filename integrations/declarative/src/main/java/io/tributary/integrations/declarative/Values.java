package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Times;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON values as texts, times and lists. */
final class Values {

    private static final int KEY_BYTES = 8;

    private Values() {}

    /** Texts as they are, numbers without exponent, lists and objects as JSON. */
    static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Double number
            when Double.isFinite(number) ->
                new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
            case BigDecimal number -> number.toPlainString();
            case List<?> list -> json(list);
            case Map<?, ?> map -> json(map);
            default -> value.toString();
        };
    }

    /** As JSON text. */
    static String json(@Nullable Object value) {
        String object = JsonObject.of("v", value).toJson();
        return object.substring("{\"v\":".length(), object.length() - 1);
    }

    /** A list as it is, null as none, all else as a list of one. */
    static List<?> list(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list;
            default -> List.of(value);
        };
    }

    /** The value as an object; empty when it is not an object. */
    @SuppressWarnings("unchecked")
    static JsonObject object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new JsonObject((Map<String, @Nullable Object>) map) : JsonObject.EMPTY;
    }

    /** The time that a value says, in any form of {@link Times}. Empty when it says none. */
    static Optional<Instant> time(@Nullable Object value) {
        return value == null ? Optional.empty() : Times.parse(text(value));
    }

    /** Whether a value says that there is no time: nothing, or the first day of the calendar of MySQL, Go or .NET. */
    static boolean isNoTime(@Nullable Object value) {
        return value == null || text(value).strip().matches("|(0000-00-00|0001-01-01)([T ]00:00:00.*)?");
    }

    /** Compares as whole numbers, where both are, and else as texts. */
    static int compare(String one, String other) {
        boolean numbers = one.matches("-?\\d{1,1000}") && other.matches("-?\\d{1,1000}");
        return numbers ? new BigInteger(one).compareTo(new BigInteger(other)) : one.compareTo(other);
    }

    /** The JSON that a text has, such as the value of a header; null when it has none. */
    static @Nullable Object parsed(@Nullable Object text) {
        try {
            return text instanceof String json ? JsonMapper.shared().readValue(json, Object.class) : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** A short key that stands for a text: 64 bits of its SHA-256. */
    static String key(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(text), KEY_BYTES));
    }

    /** The SHA-256 of a text in hexadecimal digits: an id for a record that has none. */
    static String hash(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
