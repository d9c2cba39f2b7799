package io.tributary.integrations.declarative;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come with a stream.
 *
 * @param from what is asked from: a time, an id or a cursor; null: from the beginning
 * @param to the highest that was seen, or the newest cursor; null: none yet
 * @param keys of records that the next run is to know; at most {@value #MOST_KEYS}
 */
record Watermark(@Nullable String from, @Nullable String to, List<String> keys) {

    static final int MOST_KEYS = 1_000;
    static final Watermark NONE = new Watermark(null, null, List.of());

    Watermark {
        keys = List.copyOf(keys);
    }

    /** The same for a page that begins at the highest that was seen, as pages by keyset do. */
    Watermark continued() {
        return new Watermark(to, to, keys);
    }
}
