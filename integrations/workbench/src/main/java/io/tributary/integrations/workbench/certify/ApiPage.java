package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.ApiDescription.Collection;
import io.tributary.integrations.workbench.certify.ApiDescription.DeletionStyle;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, as a request asks for it.
 *
 * @param items all that the request's filters leave, in the order of the list
 * @param baseUrl of the double, for URLs of further pages
 */
record ApiPage(Collection collection, ApiRequest request, List<ApiItem> items, String baseUrl) {

    /** What cursors begin with: each of these characters means something in a URL. */
    private static final String RESERVED = "&+/=%# ";

    ScriptedAnswer answer() {
        int from = from();
        int to = paging().style() == Paging.Style.NONE
                ? items.size()
                : Math.min(items.size(), from + collection.pageSize());
        List<Map<String, @Nullable Object>> records = inOrder(items.subList(Math.min(from, to), to)).stream()
                .map(this::record)
                .toList();
        boolean more = to < items.size();
        return withNext(more, to, body(records, more, to));
    }

    private List<ApiItem> inOrder(List<ApiItem> page) {
        return collection.reversed() ? page.reversed() : page;
    }

    private Paging paging() {
        return collection.paging();
    }

    private Map<String, @Nullable Object> record(ApiItem item) {
        return recordOf(item, collection.record(), collection);
    }

    static Map<String, @Nullable Object> recordOf(ApiItem item, Map<String, ?> template, Collection collection) {
        Map<String, @Nullable Object> record = item.fill(template);
        if (item.deleted() && collection.deletions().style() == DeletionStyle.FLAGGED) {
            put(
                    record,
                    Objects.requireNonNull(collection.deletions().field()),
                    collection.deletions().value());
        }
        return record;
    }

    /** The number of items before the page. */
    private int from() {
        Optional<String> asked = request.parameter(parameter());
        return switch (paging().style()) {
            case NONE -> 0;
            case PAGE, LINK, URL -> (asked.map(Integer::parseInt).orElse(1) - 1) * collection.pageSize();
            case OFFSET -> asked.map(Integer::parseInt).orElse(0);
            case CURSOR, HEADER -> asked.map(this::after).orElse(0);
            case CHANGES -> asked.map(this::afterChange).orElse(0);
        };
    }

    private String parameter() {
        if (paging().parameter() != null) {
            return paging().parameter();
        }
        return switch (paging().style()) {
            case NONE, PAGE, LINK, URL -> "page";
            case OFFSET -> "offset";
            case CURSOR, HEADER, CHANGES -> "cursor";
        };
    }

    /** A cursor names the last item of its page, so that items which come before it shift nothing. */
    private int after(String cursor) {
        long number = place(cursor);
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).number() == number) {
                return i + 1;
            }
        }
        return items.size();
    }

    /** A cursor of changes names the time of the last one, which no other has. */
    private int afterChange(String cursor) {
        long time = place(cursor);
        return (int) items.stream()
                .filter(item -> item.updatedAt().getEpochSecond() <= time)
                .count();
    }

    private static long place(String cursor) {
        if (!cursor.startsWith(RESERVED)) {
            throw new IllegalArgumentException("the cursor '" + cursor + "' did not come back as it was given");
        }
        return Long.parseLong(cursor.substring(RESERVED.length()));
    }

    private Map<String, @Nullable Object> body(List<Map<String, @Nullable Object>> records, boolean more, int to) {
        var body = new LinkedHashMap<String, @Nullable Object>(collection.beside());
        put(body, collection.records() == null ? "records" : collection.records(), records);
        if (paging().more() != null && (more || paging().moreValue() == null)) {
            put(body, paging().more(), paging().moreValue() == null ? more : paging().moreValue());
        }
        if (paging().last() != null) {
            put(body, paging().last(), !more);
        }
        if (paging().style() == Paging.Style.CHANGES) {
            put(body, Objects.requireNonNull(paging().next()), cursorOfChanges(to));
        }
        if (more && paging().next() != null) {
            switch (paging().style()) {
                case CURSOR -> put(body, paging().next(), cursor(to));
                case URL -> put(body, paging().next(), nextUrl());
                default -> {}
            }
        }
        return body;
    }

    private ScriptedAnswer withNext(boolean more, int to, Map<String, @Nullable Object> body) {
        ScriptedAnswer answer = collection.records() == null
                ? ScriptedAnswer.json(List.copyOf((List<?>) Objects.requireNonNull(body.get("records"))))
                : ScriptedAnswer.json(new JsonObject(body));
        if (!more) {
            return answer;
        }
        return switch (paging().style()) {
            case HEADER -> answer.header(Objects.requireNonNull(paging().next()), cursor(to));
            case LINK -> answer.header("Link", "<" + nextUrl() + ">; rel=\"next\"");
            default -> answer;
        };
    }

    private String cursor(int to) {
        return RESERVED + items.get(to - 1).number();
    }

    private String cursorOfChanges(int to) {
        return RESERVED + (to == 0 ? 0 : items.get(to - 1).updatedAt().getEpochSecond());
    }

    private String nextUrl() {
        int page = request.parameter(parameter()).map(Integer::parseInt).orElse(1) + 1;
        String others = Stream.of(request.received().rawQuery().split("&"))
                .filter(pair -> !pair.isEmpty() && !pair.startsWith(parameter() + "="))
                .map(pair -> pair + "&")
                .collect(Collectors.joining());
        return baseUrl + request.received().path() + "?" + others
                + URLEncoder.encode(parameter(), StandardCharsets.UTF_8) + "=" + page;
    }

    /** Puts a value at a path such as {@code meta.next}. */
    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> body, String path, @Nullable Object value) {
        var steps = new ArrayList<>(List.of(path.split("\\.")));
        String last = steps.removeLast();
        Map<String, @Nullable Object> at = body;
        for (String step : steps) {
            Object next = at.get(step);
            var copy = new LinkedHashMap<String, @Nullable Object>(
                    next instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of());
            at.put(step, copy);
            at = copy;
        }
        at.put(last, value);
    }
}
