package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting tasks of one user integration, and how fast they may be taken.
 *
 * <pre>
 *   flowing --pause--> paused --resume--> flowing
 *   flowing --park(until)--> parked --time--> flowing
 * </pre>
 *
 * <p>Taken from by the stream thread, and by the virtual threads that execute the lane's tasks; its monitor guards
 * everything.
 */
final class Lane {

    private static final int PRIORITIES = 10;

    private final UUID userIntegrationId;
    private final @Nullable Backlog[] backlogs = new Backlog[PRIORITIES];
    private Limits limits = Limits.DEFAULT;
    private TokenBucket rate;
    private @Nullable String domain;
    private final long bornMillis;
    private int running;
    /** Tasks that were taken and whose attempt has not been settled; they stand in no backlog. */
    private int unsettled;

    private LaneState state;

    Lane(UUID userIntegrationId, LaneState state, long nowMillis) {
        this.userIntegrationId = userIntegrationId;
        this.state = state;
        this.rate = new TokenBucket(limits.requestsPerSecond(), limits.burst(), nowMillis);
        this.bornMillis = nowMillis;
    }

    /** Takes over the limits of its integration, once: a lane can be there before its first task tells which that is. */
    synchronized void adopt(String domain, TaskExecution execution) {
        if (this.domain == null) {
            this.domain = domain;
            limits = execution.limitsOf(domain);
            rate = new TokenBucket(limits.requestsPerSecond(), limits.burst(), bornMillis);
        }
    }

    UUID userIntegrationId() {
        return userIntegrationId;
    }

    synchronized Limits limits() {
        return limits;
    }

    synchronized LaneState state() {
        return state;
    }

    synchronized void become(LaneState state) {
        this.state = state;
    }

    /** The provider said to wait: nothing is taken until then. */
    synchronized void park(long untilMillis, String reason) {
        state = state.parkedUntil(untilMillis, reason);
    }

    synchronized void found(TaskKey key) {
        backlog(key.priority()).found(key.sequence());
    }

    synchronized WaitingTask add(int priority, UUID runId, byte[] bytes) {
        return backlog(priority).add(runId, bytes);
    }

    /** Takes the next task and a slot for it; null when there is none to be had now. */
    synchronized @Nullable WaitingTask take(long nowMillis) {
        if (running >= limits.concurrency()) {
            return null;
        }
        WaitingTask next = next(nowMillis);
        if (next != null) {
            running++;
        }
        return next;
    }

    /** Takes the next task into the slot of one that has just been executed; null: the slot is free again. */
    synchronized @Nullable WaitingTask takeNext(long nowMillis) {
        WaitingTask next = next(nowMillis);
        if (next == null) {
            running--;
        }
        return next;
    }

    /** Gives the slot back whose task will not be executed to its end. */
    synchronized void release() {
        running--;
    }

    /** The attempt at a task that was taken has been settled. */
    synchronized void settled() {
        unsettled--;
    }

    /** Gives a task back that was taken but not settled: it is next again. */
    synchronized void giveBack(WaitingTask task) {
        backlog(task.key().priority()).giveBack(task);
    }

    synchronized void refill(PendingStore store, Predicate<UUID> isLive) {
        for (Backlog backlog : backlogs) {
            if (backlog != null) {
                backlog.refill(store, isLive);
            }
        }
    }

    /** Takes the tasks of a run that are in memory away; those in the store only go when they are loaded. */
    synchronized void drop(UUID runId, PendingStore store) {
        for (Backlog backlog : backlogs) {
            if (backlog != null) {
                backlog.dropFromWindow(runId, task -> store.remove(task.key()));
            }
        }
    }

    /**
     * When a task can be taken that waits for nothing but time, milliseconds since the epoch; {@link Long#MAX_VALUE}
     * when it waits for a slot, a command or a task.
     */
    synchronized long opensAtMillis(long nowMillis) {
        if (state.parkedUntilMillis() > nowMillis) {
            return state.parkedUntilMillis(); // Even when nothing waits: the lane is to be unparked then.
        }
        if (state.paused() || running >= limits.concurrency() || !hasReady()) {
            return Long.MAX_VALUE;
        }
        return rate.nextTokenMillis(nowMillis);
    }

    /** Nothing waits, nothing runs, nothing to remember: the lane can be forgotten. */
    synchronized boolean isIdle() {
        if (running > 0 || unsettled > 0 || !state.flowing()) {
            return false;
        }
        for (Backlog backlog : backlogs) {
            if (backlog != null && !backlog.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean hasReady() {
        for (Backlog backlog : backlogs) {
            if (backlog != null && backlog.hasReady()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable WaitingTask next(long nowMillis) {
        if (!state.flowsAt(nowMillis)) {
            return null;
        }
        for (Backlog backlog : backlogs) {
            if (backlog != null && backlog.hasReady()) {
                if (!rate.tryTake(nowMillis)) {
                    return null;
                }
                unsettled++;
                return backlog.poll();
            }
        }
        return null;
    }

    private Backlog backlog(int priority) {
        int level = Math.clamp(priority, 0, PRIORITIES - 1);
        Backlog backlog = backlogs[level];
        if (backlog == null) {
            backlog = new Backlog(userIntegrationId, level);
            backlogs[level] = backlog;
        }
        return backlog;
    }
}
