package io.tributary.sink.postgres;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes a batch and, where it is refused, writes its halves, down to the single values that nobody takes. One refused
 * value among n costs about three times the work of its own batch, and nothing to the others.
 */
public final class Isolate {

    private Isolate() {}

    /**
     * @param write takes a batch whole or not at all, throwing {@link Refused}; called in order, never with an empty one
     * @param setAside gets each value that was refused on its own, after all that stand before it were written
     */
    public static <T> void refused(List<T> batch, Consumer<List<T>> write, BiConsumer<T, Refused> setAside) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            write.accept(batch);
        } catch (Refused e) {
            if (batch.size() == 1) {
                setAside.accept(batch.getFirst(), e);
            } else {
                int half = batch.size() / 2;
                refused(batch.subList(0, half), write, setAside);
                refused(batch.subList(half, batch.size()), write, setAside);
            }
        }
    }
}
