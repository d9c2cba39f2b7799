package io.tributary.sink.postgres;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes a batch; if it is rejected, writes its halves, down to the single values that are rejected. One rejected value
 * costs about three times the work of its own batch, and other batches nothing.
 */
public final class Isolate {

    private Isolate() {}

    /**
     * @param write writes a whole batch, or throws {@link Rejected} and writes nothing; called in order, never with an
     *     empty one
     * @param deadLetter gets each single rejected value, after all values before it were written
     */
    public static <T> void rejected(List<T> batch, Consumer<List<T>> write, BiConsumer<T, Rejected> deadLetter) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            write.accept(batch);
        } catch (Rejected e) {
            if (batch.size() == 1) {
                deadLetter.accept(batch.getFirst(), e);
            } else {
                int half = batch.size() / 2;
                rejected(batch.subList(0, half), write, deadLetter);
                rejected(batch.subList(half, batch.size()), write, deadLetter);
            }
        }
    }
}
