package io.tributary.sink.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The progress of a replay: for each partition, the offset to read next and the offset to stop before. For one thread.
 */
final class Positions {

    /** @param next at most end, unless there is nothing to read */
    record Span(long next, long end) {

        boolean isDone() {
            return next >= end;
        }
    }

    private final Map<Integer, Span> spans;

    Positions(Map<Integer, Span> spans) {
        this.spans = new HashMap<>(spans);
    }

    Set<Integer> partitions() {
        return Set.copyOf(spans.keySet());
    }

    Span of(int partition) {
        return Objects.requireNonNull(spans.get(partition), "only partitions of the replay are read");
    }

    void set(int partition, Span span) {
        spans.put(partition, span);
    }

    boolean areDone() {
        return spans.values().stream().allMatch(Span::isDone);
    }
}
