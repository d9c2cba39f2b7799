package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.net.URLDecoder;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a token endpoint's answer: JSON, or the form encoding that some answer. Nested fields have their path
 * as a name, such as {@code authed_user.access_token}, since some providers wrap tokens and errors. The outer ones come
 * first.
 */
final class TokenFields {

    private static final Duration LONGEST_LIFETIME = Duration.ofDays(3_650);

    /** From here on, a number of seconds is a time since the epoch, and from 100 times of it on one in milliseconds. */
    private static final double EPOCH_FROM = 1e9;

    private static final int MAX_DEPTH = 4;
    private static final int MAX_FIELDS = 200;

    private static final Set<String> CODE_KEYS = Set.of(
            "error",
            "error_type",
            "errortype",
            "error_code",
            "errorcode",
            "errcode",
            "code",
            "type",
            "status",
            "reason");
    private static final Set<String> WORD_KEYS = Set.of(
            "error_description",
            "error_message",
            "description",
            "message",
            "msg",
            "errmsg",
            "detail",
            "title",
            "resource",
            "field");

    /** Values of error keys that report no error. */
    private static final Set<String> NO_ERROR = Set.of("", "0", "false", "null", "none", "ok", "success");

    private final Map<String, String> values = new LinkedHashMap<>();

    private TokenFields() {}

    static TokenFields of(String body) {
        var fields = new TokenFields();
        String text = body.strip();
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1).strip();
        }
        if (text.startsWith("{")) {
            try {
                fields.add("", JsonMapper.shared().readTree(text), 0);
            } catch (JacksonException e) {
                fields.values.clear(); // The exception may quote the response, which may hold a token.
            }
        } else if (!text.startsWith("<")) {
            for (String pair : text.split("&", 64)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    fields.values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
                }
            }
        }
        return fields;
    }

    /** The scalar fields first, then those of objects and of the first element of lists. */
    private void add(String path, JsonNode object, int depth) {
        object.forEachEntry((key, value) -> {
            if (!value.isContainer() && !value.isNull() && values.size() < MAX_FIELDS) {
                values.put(path + key, value.isString() ? value.stringValue() : value.toString());
            }
        });
        if (depth < MAX_DEPTH) {
            object.forEachEntry((key, value) -> {
                JsonNode nested = value.isArray() && !value.isEmpty() ? value.get(0) : value;
                if (nested.isObject()) {
                    add(path + key + ".", nested, depth + 1);
                }
            });
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Whether the answer has an error, in whatever form. */
    boolean hasError() {
        boolean named = values.entrySet().stream().anyMatch(field -> {
            String key = field.getKey().toLowerCase(Locale.ROOT);
            boolean isError = key.startsWith("error") || key.equals("errcode");
            return isError
                    && isCodeKey(key)
                    && !NO_ERROR.contains(field.getValue().toLowerCase(Locale.ROOT));
        });
        return named || values.containsKey("status") && accessToken().isEmpty();
    }

    /** The error codes as they were sent, the outer ones first. */
    List<String> rawCodes() {
        return values.entrySet().stream()
                .filter(field -> isCodeKey(field.getKey().toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .filter(code -> !NO_ERROR.contains(code.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** The error codes in one spelling, without numbers. */
    Set<String> errorCodes() {
        return rawCodes().stream()
                .filter(code -> !code.chars().allMatch(it -> Character.isDigit(it) || it == '.'))
                .map(ReadTokenAnswer::normalized)
                .collect(toUnmodifiableSet());
    }

    /** Codes and texts of the error, in lower case. */
    String errorWords() {
        Stream<String> texts = values.entrySet().stream()
                .filter(field -> WORD_KEYS.contains(last(field.getKey().toLowerCase(Locale.ROOT))))
                .map(Map.Entry::getValue);
        return Stream.concat(rawCodes().stream(), texts).collect(joining(" ")).toLowerCase(Locale.ROOT);
    }

    private static boolean isCodeKey(String key) {
        return CODE_KEYS.contains(last(key));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Wait that the body requests, in seconds; null: none. */
    @Nullable
    Duration retryAfter() {
        return Optional.ofNullable(values.get("retry_after"))
                .map(TokenFields::number)
                .filter(seconds -> seconds >= 0 && seconds < 1e6)
                .map(seconds -> Duration.ofMillis((long) Math.ceil(seconds * 1000)))
                .orElse(null);
    }

    /** The tokens; null: there are none. All are read from the object that has the access token. */
    TokenAnswer.@Nullable Granted granted(Clock clock) {
        String key = accessToken().orElse(null);
        if (key == null) {
            return null;
        }
        String path = key.substring(0, key.lastIndexOf('.') + 1);
        return new TokenAnswer.Granted(
                Objects.requireNonNull(values.get(key)),
                first(path, "refresh_token", "refreshToken").orElse(null),
                first(
                                path,
                                "expires_in_sec",
                                "expires_in",
                                "expiresIn",
                                "expires",
                                "expires_at",
                                "expires_on",
                                "expiresAt")
                        .map(expiry -> lifetime(expiry, clock.instant()))
                        .filter(lifetime -> lifetime.isPositive() && lifetime.compareTo(LONGEST_LIFETIME) <= 0)
                        .orElse(null));
    }

    private Optional<String> accessToken() {
        return values.entrySet().stream()
                .filter(field -> Set.of("access_token", "accessToken").contains(last(field.getKey())))
                .filter(field -> !field.getValue().isBlank())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Optional<String> first(String path, String... names) {
        return Stream.of(names)
                .map(name -> values.get(path + name))
                .filter(value -> value != null && !value.isBlank())
                .map(Objects::requireNonNull)
                .findFirst();
    }

    private static @Nullable Duration lifetime(String expiry, Instant now) {
        Double number = number(expiry);
        if (number == null) {
            try {
                return Duration.between(
                        now, OffsetDateTime.parse(expiry.strip()).toInstant());
            } catch (DateTimeException e) {
                return null;
            }
        }
        if (number < EPOCH_FROM) {
            return Duration.ofSeconds(number.longValue());
        }
        double seconds = number < EPOCH_FROM * 100 ? number : number / 1000;
        return seconds < EPOCH_FROM * 100 ? Duration.between(now, Instant.ofEpochSecond((long) seconds)) : null;
    }

    private static @Nullable Double number(String text) {
        try {
            double number = Double.parseDouble(text.strip());
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
