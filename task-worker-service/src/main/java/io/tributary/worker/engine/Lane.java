package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The waiting tasks of one user integration, and how fast they may be taken.
 *
 * <pre>
 *   flowing --pause--> paused --resume--> flowing
 *   flowing --park(until)--> parked --time--> flowing
 * </pre>
 *
 * <p>Tasks of backfills come after all others, and only as far as their own budget allows; none while one of them is
 * paused.
 *
 * <p>Taken from by the stream thread, and by the virtual threads that execute the lane's tasks; its monitor guards
 * everything. It is taken before that of the {@link Pace}.
 */
final class Lane {

    private static final int PRIORITIES = 10;

    private final UUID userIntegrationId;
    /** By level: the priorities, then those of backfills. */
    private final @Nullable Backlog[] backlogs = new Backlog[2 * PRIORITIES];

    private final Supplier<Pauses> pauses;
    private final Set<Pace.Ticket> running = new HashSet<>();
    /** Of these, those of backfills. */
    private final Set<Pace.Ticket> backfilling = new HashSet<>();

    private Limits limits = Limits.DEFAULT;
    private BackfillBudget backfills = new BackfillBudget(Limits.DEFAULT, 0);
    private Pace pace;
    private @Nullable String domain;
    /** Tasks that were taken and whose attempt has not been settled; they stand in no backlog. */
    private int unsettled;
    /** Threads whose attempt was given up and that have not come back. */
    private int stuck;

    private long knownParkedUntilMillis;

    private LaneState state;

    /** A task that was taken, with the right to execute it. */
    record Taken(WaitingTask task, Pace.Ticket ticket) {}

    Lane(UUID userIntegrationId, LaneState state, Pace pace, Supplier<Pauses> pauses) {
        this.userIntegrationId = userIntegrationId;
        this.state = state;
        this.pace = pace;
        this.pauses = pauses;
    }

    /** Takes over limits and pace of its integration: a lane can be there before its first task tells which that is. */
    synchronized void adopt(String domain, Limits limits, Pace pace, long nowMillis) {
        this.domain = domain;
        this.limits = limits;
        this.backfills = new BackfillBudget(limits, nowMillis);
        this.pace = pace;
    }

    synchronized boolean isAdopted() {
        return domain != null;
    }

    UUID userIntegrationId() {
        return userIntegrationId;
    }

    synchronized Limits limits() {
        return limits;
    }

    synchronized Pace pace() {
        return pace;
    }

    synchronized LaneState state() {
        return state;
    }

    synchronized void become(LaneState state) {
        this.state = state;
    }

    /** The provider said to wait: nothing is taken until then, nor from a lane that shares the pace. */
    synchronized void park(long untilMillis, String reason) {
        state = state.parkedUntil(untilMillis, reason);
        if (pace.isShared()) {
            pace.restUntil(untilMillis, reason);
        }
    }

    /** Whether the rest that the lane is parked for is another one than when this was last asked. */
    synchronized boolean isParkedAnew(long nowMillis) {
        boolean anew = nowMillis >= knownParkedUntilMillis;
        knownParkedUntilMillis = state.parkedUntilMillis();
        return anew;
    }

    synchronized void found(TaskKey key) {
        backlog(key.priority()).found(key.sequence());
    }

    /** Which of a lane's queues a task stands in, which is the priority of its {@link TaskKey}. */
    static int level(int priority, boolean backfill) {
        int clamped = Math.clamp(priority, 0, PRIORITIES - 1);
        return backfill ? PRIORITIES + clamped : clamped;
    }

    synchronized WaitingTask add(int level, UUID runId, byte[] bytes) {
        return backlog(level).add(runId, bytes);
    }

    /** Takes the next task; null when there is none to be had now. */
    synchronized @Nullable Taken take(long nowMillis) {
        if (!flowsAt(nowMillis) || !hasSlot()) {
            return null;
        }
        for (int level = 0; level < flowingLevels(); level++) {
            Backlog backlog = backlogs[level];
            if (backlog != null && backlog.hasReady()) {
                return start(backlog, level >= PRIORITIES, nowMillis);
            }
        }
        return null;
    }

    private int flowingLevels() {
        return state.holdsBackfills() ? PRIORITIES : backlogs.length;
    }

    private @Nullable Taken start(Backlog backlog, boolean backfill, long nowMillis) {
        if (backfill && backfills.opensAtMillis(nowMillis) > nowMillis) {
            return null;
        }
        Pace.Ticket ticket = pace.tryStart(nowMillis);
        if (ticket == null) {
            return null;
        }
        running.add(ticket);
        if (backfill) {
            backfills.start();
            backfilling.add(ticket);
        }
        unsettled++;
        return new Taken(backlog.take(), ticket);
    }

    /**
     * Takes the next task after one that has just been executed; null: there is none to be had now. Lanes that share a
     * pace take turns, so there never is.
     */
    synchronized @Nullable Taken takeNext(Pace.Ticket executed, long nowMillis) {
        release(executed);
        return pace.isShared() ? null : take(nowMillis);
    }

    /** The execution is over. Does nothing the second time. */
    synchronized void release(Pace.Ticket ticket) {
        if (running.remove(ticket)) {
            ticket.end();
            if (backfilling.remove(ticket)) {
                backfills.end();
            }
        }
    }

    /** All executions are over, as far as this worker is concerned. */
    synchronized void releaseAll() {
        Set.copyOf(running).forEach(this::release);
    }

    /** A thread whose attempt was given up goes on all the same. */
    synchronized void stuck() {
        stuck++;
    }

    /** Such a thread has come back. */
    synchronized void unstuck() {
        stuck--;
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

    /** Whether no task is in memory although the store has some: {@link #refill} is to be called again. */
    synchronized boolean isToBeRefilled() {
        if (hasReady(0, PRIORITIES)) {
            return false;
        }
        // A backfill that waits for its budget is no reason to leave others where they are.
        return hasUnloaded(0, PRIORITIES)
                || (!hasReady(PRIORITIES, flowingLevels()) && hasUnloaded(PRIORITIES, flowingLevels()));
    }

    /** Whether a task could be taken if the pace allowed. */
    synchronized boolean waitsForPace(long nowMillis) {
        return flowsAt(nowMillis)
                && hasSlot()
                && (hasReady(0, PRIORITIES)
                        || (hasReady(PRIORITIES, flowingLevels()) && backfills.opensAtMillis(nowMillis) <= nowMillis));
    }

    /**
     * When the budget of backfills allows a task that waits for nothing else, milliseconds since the epoch;
     * {@link Long#MAX_VALUE} when there is none, or it waits for another one to end.
     */
    synchronized long backfillOpensAtMillis(long nowMillis) {
        boolean waits = flowsAt(nowMillis) && hasSlot() && hasReady(0, flowingLevels());
        return waits ? backfills.opensAtMillis(nowMillis) : Long.MAX_VALUE;
    }

    /** Whether tasks wait for threads that were given up and may yet come back. */
    synchronized boolean waitsForThreads() {
        return stuck > 0 && hasReady(0, flowingLevels()) && !hasSlot();
    }

    /** The run that the next task belongs to; null: no task is ready. */
    synchronized @Nullable UUID nextRunId() {
        for (Backlog backlog : backlogs) {
            if (backlog != null && backlog.hasReady()) {
                return backlog.firstRunId();
            }
        }
        return null;
    }

    /** Why nothing of this lane ends, for a person. */
    synchronized String describe(long nowMillis) {
        if (state.paused()) {
            return "the user integration is paused";
        }
        if (pauses.get().cover(domain)) {
            return "the integration is paused";
        }
        if (state.parkedUntilMillis() > nowMillis) {
            return "the provider asked to wait (" + state.reason() + ")";
        }
        if (stuck >= limits.concurrency()) {
            return stuck + " tasks were given up and do not react to their interruption";
        }
        if (!running.isEmpty()) {
            return running.size() + " tasks execute and none ends";
        }
        if (state.holdsBackfills() && !hasReady(0, PRIORITIES)) {
            return "a backfill of the user integration is paused";
        }
        return hasReady()
                ? "tasks wait for the limits of the integration or for the worker"
                : "tasks wait for their time";
    }

    /** Nothing waits, nothing runs, nothing to remember: the lane can be forgotten. */
    synchronized boolean isIdle() {
        if (!running.isEmpty() || unsettled > 0 || stuck > 0 || !state.flowing()) {
            return false;
        }
        for (Backlog backlog : backlogs) {
            if (backlog != null && !backlog.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean flowsAt(long nowMillis) {
        return state.flowsAt(nowMillis) && !pauses.get().cover(domain);
    }

    /** Threads that do not come back count once they are as many as may run: then no more than so many again. */
    private boolean hasSlot() {
        return running.size() < limits.concurrency() && running.size() + stuck < 2 * limits.concurrency();
    }

    private boolean hasReady() {
        return hasReady(0, backlogs.length);
    }

    private boolean hasReady(int from, int to) {
        for (int level = from; level < to; level++) {
            Backlog backlog = backlogs[level];
            if (backlog != null && backlog.hasReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasUnloaded(int from, int to) {
        for (int level = from; level < to; level++) {
            Backlog backlog = backlogs[level];
            if (backlog != null && backlog.hasUnloaded()) {
                return true;
            }
        }
        return false;
    }

    private Backlog backlog(int level) {
        Backlog backlog = backlogs[level];
        if (backlog == null) {
            backlog = new Backlog(userIntegrationId, level);
            backlogs[level] = backlog;
        }
        return backlog;
    }
}
