package io.tributary.worker.engine;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The waiting tasks of one lane and priority: a bounded window of them in memory, the rest in the store only. Tasks are
 * loaded from the last loaded one on, never from the beginning. Guarded by its lane.
 *
 * <pre>
 *   ... taken | window (memory) | not loaded (store) | next free sequence
 *                               ^ loadedUpTo          ^ tail
 * </pre>
 */
final class Backlog {

    /** Most waiting tasks of a backlog in memory. */
    static final int WINDOW = 256;

    /** Most tasks that a refill of the window reads. */
    private static final int LOOKED_AT = 2 * WINDOW;

    private final UUID lane;
    private final int priority;
    private final ArrayDeque<WaitingTask> window = new ArrayDeque<>();
    /** Every task below is loaded or was removed. */
    private long loadedUpTo;
    /** The sequence of the next new task. */
    private long tail;

    Backlog(UUID lane, int priority) {
        this.lane = lane;
        this.priority = priority;
    }

    /** Notes a task found in the store at start; called in order. */
    void found(long sequence) {
        if (tail == 0) {
            loadedUpTo = sequence;
        }
        tail = sequence + 1;
    }

    /** Adds a new task at the end, to be put into the store by the caller. */
    WaitingTask add(UUID runId, byte[] bytes) {
        var task = new WaitingTask(new TaskKey(lane, priority, tail), runId, bytes);
        if (loadedUpTo == tail && window.size() < WINDOW) {
            window.add(task);
            loadedUpTo++;
        }
        tail++;
        return task;
    }

    /** Takes the first of the tasks that are ready. */
    WaitingTask take() {
        return window.remove();
    }

    /** The run of the first task that is ready. */
    UUID firstRunId() {
        return window.element().runId();
    }

    /** Returns a task that was taken but not settled: it is next again. */
    void giveBack(WaitingTask task) {
        window.addFirst(task);
    }

    boolean isEmpty() {
        return window.isEmpty() && loadedUpTo == tail;
    }

    boolean hasReady() {
        return !window.isEmpty();
    }

    boolean hasUnloaded() {
        return loadedUpTo < tail;
    }

    /**
     * Loads further tasks when the window has half run dry. Those of runs that are over are removed on the way, a
     * bounded number at a time: a cancelled run may have left any number.
     */
    void refill(PendingStore store, Predicate<UUID> isLive) {
        long end = Math.min(loadedUpTo + LOOKED_AT, tail);
        while (window.size() < WINDOW / 2 && loadedUpTo < end) {
            long last = Math.min(loadedUpTo + WINDOW, end) - 1;
            for (WaitingTask task : store.waiting(lane, priority, loadedUpTo, last)) {
                if (isLive.test(task.runId())) {
                    window.add(task);
                } else {
                    store.remove(task.key());
                }
            }
            loadedUpTo = last + 1;
        }
    }

    /** Takes the tasks of a run out of the window. */
    void dropFromWindow(UUID runId, Consumer<WaitingTask> dropped) {
        for (Iterator<WaitingTask> tasks = window.iterator(); tasks.hasNext(); ) {
            WaitingTask task = tasks.next();
            if (task.runId().equals(runId)) {
                tasks.remove();
                dropped.accept(task);
            }
        }
    }
}
