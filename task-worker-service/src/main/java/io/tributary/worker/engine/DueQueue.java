package io.tributary.worker.engine;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their times, so that a look at the queue costs as much as items are due, however many wait.
 * Stream thread only.
 */
final class DueQueue<T> {

    private final PriorityQueue<Due<T>> queue = new PriorityQueue<>(Comparator.comparingLong(Due::atMillis));
    private long taken;

    private record Due<T>(long atMillis, T item) {}

    void add(long atMillis, T item) {
        queue.add(new Due<>(atMillis, item));
    }

    /** Takes the first item whose time has come; null: none. */
    @Nullable
    T poll(long nowMillis) {
        Due<T> first = queue.peek();
        if (first == null || first.atMillis() > nowMillis) {
            return null;
        }
        queue.remove();
        taken++;
        return first.item();
    }

    /** Time of the first item; {@code Long.MAX_VALUE}: there is none. */
    long nextMillis() {
        Due<T> first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.atMillis();
    }

    int size() {
        return queue.size();
    }

    /** Number of items that were taken so far: the cost of the queue. */
    long taken() {
        return taken;
    }
}
