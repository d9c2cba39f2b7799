package io.tributary.scheduler.http;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.NumberUtils;
import org.springframework.web.context.request.WebRequest;

/**
 * The requested page of a list. A controller method with such a parameter takes the query parameters {@code limit} and
 * {@code cursor}.
 *
 * @param limit items at most; default {@value #DEFAULT_LIMIT}
 * @param cursor the last page's nextCursor; null: the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {

    /** Items of a page by default. */
    public static final int DEFAULT_LIMIT = 100;

    /** Items of a page at most. */
    public static final int MAX_LIMIT = 1000;

    private static final UUID FIRST = new UUID(0, 0);

    /** Reads it from the query parameters of a request. */
    public static PageRequest of(WebRequest request) {
        String limit = request.getParameter("limit");
        try {
            return new PageRequest(
                    limit == null || limit.isEmpty() ? DEFAULT_LIMIT : NumberUtils.parseNumber(limit, Integer.class),
                    request.getParameter("cursor"));
        } catch (IllegalArgumentException _) {
            throw new ApiException(Problem.invalid(List.of(new Violation("limit", "must be a int"))));
        }
    }

    /**
     * Rejects a limit out of its range.
     *
     * @throws ApiException when it is not 1 to {@link #MAX_LIMIT}
     */
    public void check() {
        var violations = new Violations();
        violations.check(limit >= 1 && limit <= MAX_LIMIT, "limit", "must be 1 to " + MAX_LIMIT);
        violations.throwIfAny();
    }

    /** Rows to read: one more than the page has shows that there is a next page. */
    public int rows() {
        return limit + 1;
    }

    /** The id after which the page begins. */
    public UUID afterId(Cursor list) {
        return list.uuid(cursor, FIRST);
    }

    /** The id of the item after which the page begins, in a list whose order is not by id; null: at the begin. */
    public @Nullable UUID afterItem(Cursor list) {
        return cursor == null ? null : list.uuid(cursor, FIRST);
    }

    /** The number after which the page begins; {@code first} for the first page. */
    public long afterNumber(Cursor list, long first) {
        return list.number(cursor, first);
    }

    /** The position after which the page begins, in a list whose order is not by one column. */
    public <T> T after(Cursor list, T first, Function<String, T> parse) {
        return list.position(cursor, first, parse);
    }

    /**
     * The page of what was read.
     *
     * @param found up to {@link #rows} items
     * @param position of an item in the list, for the cursor
     */
    public <T> Page<T> of(List<T> found, Cursor list, Function<T, Object> position) {
        if (found.size() <= limit) {
            return new Page<>(List.copyOf(found), null);
        }
        var items = List.copyOf(found.subList(0, limit));
        return new Page<>(items, list.after(position.apply(items.getLast())));
    }
}
