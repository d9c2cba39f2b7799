package io.tributary.sink.upkeep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Work that comes round, in steps. One thread of one sink takes its steps; where two sinks believe that they are the one,
 * the same step may be taken twice at once, and must bear it.
 */
public interface Upkeep {

    /** As it stands in table {@code upkeep}. */
    String name();

    /** Time between the end of a round and the next one's begin. */
    Duration every();

    /**
     * Does a bounded amount of work and commits it.
     *
     * @param position where the round is; null: at its start. The same one again: the step that was taken from there may
     *     have been lost, or not
     * @throws io.tributary.sink.consume.Unavailable what it needs is away: the same step again, later
     */
    Step step(@Nullable String position);

    /**
     * What a step came to.
     *
     * @param next where the round is then; null: it is over
     * @param removed rows or objects
     */
    record Step(@Nullable String next, long removed) {}
}
