package io.tributary.scheduler.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param items up to as many as were asked for
 * @param nextCursor what to send as {@code cursor} for the next page; null: this is the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** Items of a page when none are asked for. */
    public static final String DEFAULT_LIMIT = "100";

    /** Items of a page at most. */
    public static final int MAX_LIMIT = 1000;

    /**
     * Refuses a limit out of its range.
     *
     * @throws ApiException when it is not 1 to {@link #MAX_LIMIT}
     */
    public static void checkLimit(int limit) {
        var violations = new Violations();
        violations.check(limit >= 1 && limit <= MAX_LIMIT, "limit", "must be 1 to " + MAX_LIMIT);
        violations.throwIfAny();
    }

    /**
     * A page of up to {@code limit} items.
     *
     * @param found up to {@code limit + 1} items: the one too many says that there is a next page
     */
    public static <T> Page<T> of(List<T> found, int limit, Function<T, String> cursorAfter) {
        if (found.size() <= limit) {
            return new Page<>(List.copyOf(found), null);
        }
        var items = List.copyOf(found.subList(0, limit));
        return new Page<>(items, cursorAfter.apply(items.getLast()));
    }
}
