package io.tributary.integrations.declarative;

import org.jspecify.annotations.Nullable;

/**
 * How answers come to be, how they are written, and what is taken of their records.
 *
 * @param format null: JSON in pages
 * @param report null: what is asked for is there
 * @param transform applied to each record: its result is the record; null: as it is
 * @param filter applied to the result: whether it is taken; null: always
 */
record Answers(
        @Nullable Format format,
        @Nullable Report report,
        @Nullable Expression transform,
        @Nullable Expression filter) {

    Answers ofAtMost(int most) {
        return new Answers(format == null ? null : format.ofAtMost(most), report, transform, filter);
    }
}
