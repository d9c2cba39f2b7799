package io.tributary.integrations.workbench.certify;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An item of a {@link StatefulApi}.
 *
 * @param number in the order in which items were added, from 1
 * @param version from 1, one more with each change
 * @param parent the id of the item that it belongs to; null: none
 * @param children how many belong to it
 */
record ApiItem(
        String id,
        int number,
        String text,
        int version,
        Instant createdAt,
        Instant updatedAt,
        boolean deleted,
        @Nullable String parent,
        int children) {

    private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)}");

    /** To see whether templates can be filled. */
    static final ApiItem SAMPLE = added("", 1, "", Provider.START, "");

    static ApiItem added(String id, int number, String text, Instant now, @Nullable String parent) {
        return new ApiItem(id, number, text, 1, now, now, false, parent, 0);
    }

    ApiItem changed(Instant now) {
        return new ApiItem(id, number, text, version + 1, createdAt, now, deleted, parent, children);
    }

    ApiItem deleted(Instant now) {
        return new ApiItem(id, number, text, version, createdAt, now, true, parent, children);
    }

    /** Something that belongs to it was added, changed or deleted. */
    ApiItem withChildren(int count, Instant now) {
        return new ApiItem(id, number, text, version, createdAt, now, deleted, parent, count);
    }

    /** A template with its places filled in. */
    Map<String, @Nullable Object> fill(Map<String, ?> template) {
        var filled = new LinkedHashMap<String, @Nullable Object>();
        template.forEach((key, value) -> filled.put(key, fillAny(value)));
        return filled;
    }

    private @Nullable Object fillAny(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> fillText(text);
            case Map<?, ?> map -> {
                var filled = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, nested) -> filled.put(String.valueOf(key), fillAny(nested)));
                yield filled;
            }
            case List<?> list -> list.stream().map(this::fillAny).toList();
            default -> value;
        };
    }

    private Object fillText(String template) {
        var place = PLACE.matcher(template);
        return place.matches() ? value(place.group(1)) : fillPlaces(template);
    }

    String fillPlaces(String template) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(String.valueOf(value(place.group(1)))));
    }

    private Object value(String name) {
        return switch (name) {
            case "id" -> id;
            case "parent" -> String.valueOf(parent);
            case "children" -> children;
            case "number" -> number;
            case "text" -> text;
            case "version" -> version;
            case "createdAt" -> createdAt.toString();
            case "updatedAt" -> updatedAt.toString();
            case "createdEpoch" -> createdAt.getEpochSecond();
            case "updatedEpoch" -> updatedAt.getEpochSecond();
            case "createdMillis" -> createdAt.toEpochMilli();
            case "updatedMillis" -> updatedAt.toEpochMilli();
            default ->
                throw new IllegalArgumentException(
                        "there is no {" + name + "}; there are id, number, text, version, parent, children,"
                                + " createdAt, updatedAt, createdEpoch, updatedEpoch, createdMillis and updatedMillis");
        };
    }
}
