package io.tributary.worker.engine;

import java.util.ArrayList;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The ids of the tasks that came from outside, so that each is accepted once. Stream thread only.
 *
 * <p>An id is remembered while its run is under way, and then for a window in which a scheduler may publish the task
 * again. So their number follows the runs under way and those of the last hour, however long the worker lives.
 *
 * <p>The window is measured by the time of the topic, which is the latest timestamp of a record that was read: a worker
 * that was away finds the second record of a task as close to the first one as it was published, whatever the clock
 * says. Neither can a step of the clock forget the ids.
 */
final class SeenTasks {

    private final PendingStore store;
    /** Nothing was seen before. */
    private long sinceMillis = Long.MAX_VALUE;
    /** The time of the topic. */
    private long topicMillis;

    SeenTasks(PendingStore store) {
        this.store = store;
    }

    /** The store holds an id that was seen then. */
    void restore(long seenAtMillis) {
        sinceMillis = Math.min(sinceMillis, seenAtMillis);
        topicMillis = Math.max(topicMillis, seenAtMillis);
    }

    /**
     * A record of the topic was read.
     *
     * @param timestampMillis the record's; a time in the future is now
     */
    void read(long timestampMillis, long nowMillis) {
        topicMillis = Math.max(topicMillis, Math.min(timestampMillis, nowMillis));
    }

    boolean contain(UUID id) {
        return store.seen(id);
    }

    /** Notes the id of a task that was read: true when it is new. */
    boolean add(UUID taskId, UUID runId) {
        if (store.seen(taskId)) {
            return false;
        }
        mark(taskId, runId, topicMillis);
        return true;
    }

    /** Notes the id of an initial task that may be on the topic and was not read yet. */
    void expect(UUID taskId, long nowMillis) {
        if (!store.seen(taskId)) {
            mark(taskId, taskId, Math.max(nowMillis, topicMillis));
        }
    }

    private void mark(UUID taskId, UUID runId, long atMillis) {
        store.markSeen(taskId, runId, atMillis);
        sinceMillis = Math.min(sinceMillis, atMillis);
    }

    /** Forgets the ids that were seen longer ago than the window, except those of live runs. */
    void forget(long windowMillis, Predicate<UUID> isLive) {
        long before = topicMillis - windowMillis;
        if (sinceMillis >= before) {
            return;
        }
        record Seen(UUID taskId, UUID runId) {}
        var ofLiveRuns = new ArrayList<Seen>();
        store.forgetSeen(sinceMillis, before - 1, (taskId, runId) -> {
            if (isLive.test(runId)) {
                ofLiveRuns.add(new Seen(taskId, runId));
            }
        });
        sinceMillis = before;
        ofLiveRuns.forEach(seen -> mark(seen.taskId(), seen.runId(), topicMillis));
    }
}
