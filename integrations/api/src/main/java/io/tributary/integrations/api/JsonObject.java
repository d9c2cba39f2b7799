package io.tributary.integrations.api;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a value: payloads, metadata, config and sync state. Keys keep their order. Values are strings,
 * {@link Number}s, booleans, null, lists and maps of these; nested objects are plain maps.
 *
 * <p>The typed getters throw {@link IllegalArgumentException} naming the key when the value has another type.
 */
public record JsonObject(Map<String, @Nullable Object> values) {

    /** An object without keys. */
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

    /** This object without the keys whose value is null. */
    public JsonObject withoutNulls() {
        var some = new LinkedHashMap<>(values);
        some.values().removeIf(Objects::isNull);
        return new JsonObject(some);
    }

    /** This object with some of its keys only. */
    public JsonObject only(String... keys) {
        var some = new LinkedHashMap<>(values);
        some.keySet().retainAll(Set.of(keys));
        return new JsonObject(some);
    }

    /** This object changed by a JSON merge patch (RFC 7396). */
    public JsonObject patchedWith(JsonObject patch) {
        return patch.values.isEmpty() ? this : new JsonObject(merged(values, patch.values));
    }

    /**
     * This config with the defaults of its JSON Schema: the {@code default} of each property of the schema that has no
     * value here. Defaults within nested objects stay out. The engine applies it before an integration sees a config.
     */
    public JsonObject withDefaultsOf(JsonObject schema) {
        var all = new LinkedHashMap<>(values);
        schema.object("properties").values().forEach((key, property) -> {
            if (property instanceof Map<?, ?> map && map.containsKey("default")) {
                all.putIfAbsent(key, map.get("default"));
            }
        });
        return all.size() == values.size() ? this : new JsonObject(all);
    }

    /** This object as JSON text, without whitespace. */
    public String toJson() {
        return JsonText.write(values);
    }

    /** Size of {@link #toJson()} in UTF-8, bytes. */
    public int jsonBytes() {
        return toJson().getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Whether the JSON may have more bytes than {@code bytes}; false is certain, and computed without writing the JSON.
     */
    boolean mayExceed(int bytes) {
        return mostBytes(values) > bytes;
    }

    private static long mostBytes(@Nullable Object value) {
        return switch (value) {
            case null -> 5;
            case String text -> 6L * text.length() + 3; // \u0000 is the longest form of a character
            case Boolean _, Integer _, Long _, Double _, Float _ -> 32;
            case Map<?, ?> map ->
                3
                        + map.entrySet().stream()
                                .mapToLong(it -> mostBytes(it.getKey()) + mostBytes(it.getValue()))
                                .sum();
            case List<?> list ->
                3 + list.stream().mapToLong(JsonObject::mostBytes).sum();
            default -> Integer.MAX_VALUE;
        };
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

    /** The items of the list under a key as texts; empty when there is no list. */
    public List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    /** The objects of the list under a key; items that are not objects are left out. Empty when there is no list. */
    public List<JsonObject> objects(String key) {
        return objectsIn(list(key));
    }

    /** The objects of a list, such as {@link HttpResponse#jsonList()}; items that are no objects are left out. */
    @SuppressWarnings("unchecked")
    public static List<JsonObject> objectsIn(List<? extends @Nullable Object> list) {
        return list.stream()
                .filter(Map.class::isInstance)
                .map(item -> new JsonObject((Map<String, @Nullable Object>) item))
                .toList();
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
