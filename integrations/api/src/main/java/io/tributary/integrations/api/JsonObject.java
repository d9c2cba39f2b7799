package io.tributary.integrations.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a value: payloads, metadata, config and sync state. Keys keep their order. Values are strings,
 * {@link Number}s, booleans, null, lists and maps of these; nested objects are plain maps.
 *
 * <p>The typed getters throw {@link IllegalArgumentException} naming the key when the value has another type.
 */
public record JsonObject(Map<String, @Nullable Object> values) {

    /** No keys. */
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    public JsonObject {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        values.forEach((key, value) -> copy.put(key, frozen(key, value)));
        values = Collections.unmodifiableMap(copy);
    }

    public static JsonObject of(String key, @Nullable Object value) {
        return EMPTY.with(key, value);
    }

    /** This object with one value set. */
    public JsonObject with(String key, @Nullable Object value) {
        var copy = new LinkedHashMap<>(values);
        copy.put(key, value);
        return new JsonObject(copy);
    }

    /** This object changed by a JSON merge patch (RFC 7396). */
    public JsonObject patchedWith(JsonObject patch) {
        return patch.values.isEmpty() ? this : new JsonObject(merged(values, patch.values));
    }

    /** This object as JSON text, without whitespace. */
    public String toJson() {
        return JsonText.write(values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether the key is there with a value other than null. */
    public boolean has(String key) {
        return values.get(key) != null;
    }

    public Optional<String> text(String key) {
        return find(key, String.class, value -> value);
    }

    public Optional<Long> integer(String key) {
        return find(key, Number.class, Number::longValue);
    }

    public Optional<Double> decimal(String key) {
        return find(key, Number.class, Number::doubleValue);
    }

    public Optional<Boolean> bool(String key) {
        return find(key, Boolean.class, value -> value);
    }

    /** The list under a key; empty when there is none. */
    public List<? extends @Nullable Object> list(String key) {
        return find(key, List.class, value -> (List<?>) value).orElse(List.of());
    }

    /** The object under a key; empty when there is none. */
    @SuppressWarnings("unchecked")
    public JsonObject object(String key) {
        return find(key, Map.class, value -> new JsonObject((Map<String, @Nullable Object>) value))
                .orElse(EMPTY);
    }

    /** The text under a key that must be there. */
    public String requireText(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    /** The whole number under a key that must be there. */
    public long requireInteger(String key) {
        return integer(key).orElseThrow(() -> missing(key));
    }

    private <T, R> Optional<R> find(String key, Class<T> type, Function<T, R> read) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "'" + key + "' is a " + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return Optional.of(read.apply(type.cast(value)));
    }

    private IllegalArgumentException missing(String key) {
        return new IllegalArgumentException("'" + key + "' is missing; there are " + values.keySet());
    }

    private static @Nullable Object frozen(String key, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Number number -> number;
            case Boolean bool -> bool;
            case JsonObject object -> object.values;
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((name, nested) -> copy.put(String.valueOf(name), frozen(key, nested)));
                yield Collections.unmodifiableMap(copy);
            }
            case List<?> list ->
                Collections.unmodifiableList(
                        list.stream().map(item -> frozen(key, item)).toList());
            default ->
                throw new IllegalArgumentException("'" + key + "' is a "
                        + value.getClass().getName() + ": JSON has strings, numbers, booleans, lists and objects");
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> merged(
            Map<String, ? extends @Nullable Object> target, Map<String, ? extends @Nullable Object> patch) {
        var result = new LinkedHashMap<String, @Nullable Object>(target);
        patch.forEach((key, value) -> {
            if (value == null) {
                result.remove(key);
            } else if (value instanceof Map<?, ?> nested) {
                var old = result.get(key) instanceof Map<?, ?> map ? map : Map.of();
                result.put(key, merged((Map<String, @Nullable Object>) old, (Map<String, @Nullable Object>) nested));
            } else {
                result.put(key, value);
            }
        });
        return result;
    }
}
