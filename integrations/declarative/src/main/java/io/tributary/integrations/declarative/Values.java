package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON values as texts, times and lists. */
final class Values {

    private static final long SMALLEST_EPOCH_MILLIS = 100_000_000_000L;
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

    /** The object that a value is; empty when it is none. */
    @SuppressWarnings("unchecked")
    static JsonObject object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new JsonObject((Map<String, @Nullable Object>) map) : JsonObject.EMPTY;
    }

    /**
     * The time that a value says: RFC 3339, an HTTP date, a date, or a number or digits: seconds since the epoch, from
     * 100,000,000,000 on milliseconds. Empty when it says none.
     */
    static Optional<Instant> time(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        String text = text(value).strip();
        try {
            if (text.matches("-?\\d{1,15}(\\.\\d{1,9})?")) {
                return Optional.of(epoch(new BigDecimal(text)));
            }
            if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(offsetTime(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant epoch(BigDecimal number) {
        BigDecimal millis = number.abs().longValue() >= SMALLEST_EPOCH_MILLIS ? number : number.movePointRight(3);
        return Instant.ofEpochMilli(millis.longValue());
    }

    private static Instant offsetTime(String text) {
        if (!text.isEmpty() && Character.isLetter(text.charAt(0))) {
            return OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        }
        // Some leave out the colon of the offset, or write a space for the T.
        String common =
                text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T").replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
        return OffsetDateTime.parse(common).toInstant();
    }

    /** Compares as whole numbers, where both are, and else as texts. */
    static int compare(String one, String other) {
        boolean numbers = one.matches("-?\\d{1,1000}") && other.matches("-?\\d{1,1000}");
        return numbers ? new BigInteger(one).compareTo(new BigInteger(other)) : one.compareTo(other);
    }

    /** A short key that stands for a text: 64 bits of its SHA-256. */
    static String key(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, KEY_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
