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
record Reach(@Nullable String from, @Nullable String to, List<String> keys) {

    static final int MOST_KEYS = 1_000;
    static final Reach NOWHERE = new Reach(null, null, List.of());

    Reach {
        keys = List.copyOf(keys);
    }

    /** Goes on from where it is, as a keyset does. */
    Reach onwards() {
        return new Reach(to, to, keys);
    }
}
