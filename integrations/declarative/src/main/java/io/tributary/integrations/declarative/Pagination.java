package io.tributary.integrations.declarative;

import org.jspecify.annotations.Nullable;

/**
 * How a list goes on.
 *
 * @param how the way
 * @param sizeParameter parameter of the query that takes {@code size}; null: none
 * @param size records asked for a page; 0: unknown
 * @param maxPages most pages of a list; more is a failure, so that nothing is left out unseen
 * @param hasMore applied to the body; it alone decides, also of an empty page, but that an offset cannot go on after
 *     one; null: as the way tells
 * @param stopWhen applied to a record: the list ends with the page that has one of which it holds; null: never
 * @param afterCommit whether the next page is asked for only once this one is stored, since its request makes the
 *     provider forget this one
 */
record Pagination(
        Way how,
        @Nullable String sizeParameter,
        int size,
        int maxPages,
        @Nullable Expression hasMore,
        @Nullable Expression stopWhen,
        boolean afterCommit) {

    static final int MOST_PAGES = 10_000;

    static final Pagination NONE = new Pagination(new Way.None(), null, 0, 1, null, null, false);

    sealed interface Way {
        /** There is one page. */
        record None() implements Way {}

        /**
         * Pages have numbers.
         *
         * @param recheck whether the page before is read again after each page: what moved there meanwhile is found
         */
        record Number(String parameter, int first, boolean recheck) implements Way {}

        /** Pages begin at the nth record. */
        record Offset(String parameter, int first, boolean recheck) implements Way {}

        /**
         * The answer names what the next request is to send.
         *
         * @param next applied to the body
         * @param parameter of the query; null: a template of the request sends {@code page.cursor}
         */
        record Cursor(Expression next, @Nullable String parameter) implements Way {}

        /** The answer's {@code Link} header has the next URL. */
        record Link() implements Way {}

        /** The answer's body has the next URL. */
        record NextUrl(Expression next) implements Way {}

        /**
         * The next request asks for what comes after the last record: see {@link Incremental}.
         *
         * @param parameter takes the number of the page while a whole page has one and the same time; null: none
         */
        record Keyset(@Nullable String parameter, int first) implements Way {}
    }

    /** The same that requests at most this number of records a page. */
    Pagination ofAtMost(int most) {
        return new Pagination(how, sizeParameter, Math.min(size, most), maxPages, hasMore, stopWhen, afterCommit);
    }

    /** Whether a page that was read may have moved before the next one is. */
    boolean rechecks() {
        return switch (how) {
            case Way.Number number -> number.recheck();
            case Way.Offset offset -> offset.recheck();
            default -> false;
        };
    }
}
