package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * The tasks that wait for their time, in the store. Only the times are in memory, so that the store is read only when a
 * task is due. Times are rounded up to a tenth of a second, which bounds their number. Stream thread only.
 */
final class DeferredTasks {

    private static final long GRAIN_MILLIS = 100;

    private final PendingStore store;
    private final TreeSet<Long> times = new TreeSet<>();

    DeferredTasks(PendingStore store) {
        this.store = store;
    }

    /** The store holds a task that is due then. */
    void restore(long dueMillis) {
        times.add(dueMillis);
    }

    /** Keeps a task until its time. */
    void add(Task task, byte[] bytes, long untilMillis) {
        long due = Math.ceilDiv(untilMillis, GRAIN_MILLIS) * GRAIN_MILLIS;
        times.add(due);
        store.defer(due, task.getUserIntegrationId(), task.getTaskId(), task.getRunId(), bytes);
    }

    /** When the next task is due; {@code Long.MAX_VALUE}: there is none. */
    long nextDueMillis() {
        return times.isEmpty() ? Long.MAX_VALUE : times.first();
    }

    /** Takes the tasks that are due out of the store and hands each over, with its run. */
    void takeDue(long nowMillis, BiConsumer<UUID, byte[]> taker) {
        var due = times.headSet(nowMillis, true);
        if (!due.isEmpty()) {
            due.clear();
            store.takeDue(nowMillis, taker);
        }
    }
}
