package io.tributary.worker.engine;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The backlogs of one lane, by level: the priorities first, then those of backfills. Guarded by its {@link Lane}. */
final class Backlogs {

    /** A level from which on there are only backfills. */
    static final int BACKFILLS = 10;

    private static final int LEVELS = 2 * BACKFILLS;

    private final UUID lane;
    /** Created with their first task: most lanes use one or two of them. */
    private final @Nullable Backlog[] levels = new Backlog[LEVELS];

    Backlogs(UUID lane) {
        this.lane = lane;
    }

    /** The level of a task, which is the priority of its {@link TaskKey}. */
    static int level(int priority, boolean backfill) {
        int clamped = Math.clamp(priority, 0, BACKFILLS - 1);
        return backfill ? BACKFILLS + clamped : clamped;
    }

    Backlog at(int level) {
        Backlog backlog = levels[level];
        if (backlog == null) {
            backlog = new Backlog(lane, level);
            levels[level] = backlog;
        }
        return backlog;
    }

    /** The first level with a task in memory, of all levels or without those of backfills; -1: none. */
    int firstReady(boolean withBackfills) {
        return first(withBackfills, Backlog::hasReady);
    }

    /**
     * Whether tasks are to be loaded before the lane can go on. A backfill that waits for its budget is no reason to
     * leave others in the store.
     */
    boolean needRefill(int firstReady, boolean withBackfills) {
        if (firstReady >= 0 && firstReady < BACKFILLS) {
            return false;
        }
        return first(withBackfills && firstReady < 0, Backlog::hasUnloaded) >= 0;
    }

    boolean areEmpty() {
        return first(true, backlog -> !backlog.isEmpty()) < 0;
    }

    void refill(PendingStore store, Predicate<UUID> isLive) {
        for (Backlog backlog : levels) {
            if (backlog != null) {
                backlog.refill(store, isLive);
            }
        }
    }

    /** Takes the tasks of a run out of memory. */
    void dropFromWindows(UUID runId, Consumer<WaitingTask> dropped) {
        for (Backlog backlog : levels) {
            if (backlog != null) {
                backlog.dropFromWindow(runId, dropped);
            }
        }
    }

    private int first(boolean withBackfills, Predicate<Backlog> wanted) {
        for (int level = 0; level < (withBackfills ? LEVELS : BACKFILLS); level++) {
            Backlog backlog = levels[level];
            if (backlog != null && wanted.test(backlog)) {
                return level;
            }
        }
        return -1;
    }
}
