package io.tributary.integrations.workbench.certify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a provider gives the pages of a list.
 *
 * @param parameter of the query that asks for a page; default {@code page}, {@code offset} or {@code cursor}
 * @param next where the answer has the cursor or URL, or the name of the header; absent on the last page
 * @param more where the answer says whether there is a further page; default nowhere
 * @param moreValue what stands there if there is one; nothing does on the last page; default true and false
 * @param last where the answer says whether this is the last page; default nowhere
 */
public record Paging(
        Style style,
        @Nullable String parameter,
        @Nullable String next,
        @Nullable String more,
        @Nullable Object moreValue,
        @Nullable String last) {

    /** How the next page is found. Cursors have characters that a URL must encode. */
    public enum Style {
        /** There is one page. */
        NONE,
        /** By its number, from 1. */
        PAGE,
        /** By the number of items before it. */
        OFFSET,
        /** By a cursor that the answer has. */
        CURSOR,
        /** By a cursor that a header has. */
        HEADER,
        /** By the URL in a {@code Link} header (RFC 8288). */
        LINK,
        /** By the URL that the answer has. */
        URL,
        /**
         * By a cursor that every answer has, also the last one: it stands for all that had changed until then, and is
         * for the next sync as well. The list is in the order of the changes.
         */
        CHANGES;

        /** Those of which an author has to say where an answer has the cursor or URL. */
        private static final Set<Style> WITH_NEXT = Set.of(CURSOR, HEADER, URL, CHANGES);
    }

    public Paging {
        ApiDescription.require(style != null, "paging needs a style");
        ApiDescription.require(
                next != null || !Style.WITH_NEXT.contains(style), "paging needs next: where the next page is");
    }
}
