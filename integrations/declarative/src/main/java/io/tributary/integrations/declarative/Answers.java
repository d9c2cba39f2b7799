package io.tributary.integrations.declarative;

import org.jspecify.annotations.Nullable;

/**
 * How answers come to be and how they are written.
 *
 * @param format null: JSON in pages
 * @param report null: what is asked for is there
 */
record Answers(@Nullable Format format, @Nullable Report report) {
    Answers ofAtMost(int most) {
        return new Answers(format == null ? null : format.ofAtMost(most), report);
    }
}
