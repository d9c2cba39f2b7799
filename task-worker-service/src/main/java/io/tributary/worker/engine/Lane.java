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
 *   flowing --throttle(until)--> throttled --time--> flowing
 * </pre>
 *
 * <p>Tasks of backfills come after all others, and only as far as their own budget allows; none while one of them is
 * paused.
 *
 * <p>The stream thread takes from it, and so do the virtual threads that execute the lane's tasks; its monitor guards
 * everything except its {@link LaneShare}. The monitor is taken before that of the {@link RateLimiter}.
 */
final class Lane {

    private final UUID userIntegrationId;
    private final Backlogs backlogs;
    private final Supplier<Pauses> pauses;
    private final Predicate<UUID> isLiveRun;
    private final Set<RateLimiter.Permit> executing = new HashSet<>();
    private final LaneShare share;
    private final LaneWaits waits = new LaneWaits();

    private Limits limits = Limits.DEFAULT;
    private BackfillBudget backfills = new BackfillBudget(Limits.DEFAULT, 0);
    private RateLimiter limiter;
    private LaneState state = LaneState.FLOWING;
    private @Nullable String domain;
    /** Tasks that were taken and whose attempt was not settled; they are in no backlog. */
    private int unsettled;
    /** Threads whose attempt was given up and that have not returned. */
    private int stuck;

    Lane(UUID userIntegrationId, RateLimiter limiter, Supplier<Pauses> pauses, Predicate<UUID> isLiveRun) {
        this.userIntegrationId = userIntegrationId;
        this.backlogs = new Backlogs(userIntegrationId);
        this.limiter = limiter;
        this.pauses = pauses;
        this.isLiveRun = isLiveRun;
        this.share = new LaneShare(userIntegrationId);
    }

    /** Sets limits and rate limiter of its integration: a lane can exist before its first task names it. */
    synchronized void adopt(String domain, Limits limits, RateLimiter limiter, long nowMillis) {
        this.domain = domain;
        this.limits = limits;
        this.backfills = new BackfillBudget(limits, nowMillis);
        this.limiter = limiter;
    }

    /** The threads and memory that the lane takes from its tenant's share of the worker. */
    LaneShare share() {
        return share;
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

    synchronized RateLimiter limiter() {
        return limiter;
    }

    synchronized LaneState state() {
        return state;
    }

    synchronized void become(LaneState state) {
        this.state = state;
    }

    /**
     * The provider asked to wait: until then, no task of this lane starts, and none of a lane with the same limiter.
     * When the worker itself makes the task wait, other lanes go on.
     */
    synchronized void throttle(long untilMillis, String reason) {
        state = state.throttledUntil(untilMillis, reason);
        if (limiter.isShared() && !Outcome.Throttled.isByWorker(reason)) {
            limiter.throttleUntil(untilMillis, reason);
        }
    }

    /** Whether the lane is throttled for another time than at the last call. */
    synchronized boolean isThrottledAnew(long nowMillis) {
        return waits.isThrottledAnew(state, nowMillis);
    }

    // Tasks come

    synchronized void found(TaskKey key) {
        backlogs.at(key.priority()).found(key.sequence());
    }

    synchronized WaitingTask add(int level, UUID runId, byte[] bytes) {
        return backlogs.at(level).add(runId, bytes);
    }

    synchronized void refill(PendingStore store, Predicate<UUID> isLive) {
        backlogs.refill(store, isLive);
    }

    /** Returns a task that was taken but not settled: it is next again. */
    synchronized void giveBack(WaitingTask task) {
        backlogs.at(task.key().priority()).giveBack(task);
    }

    /** Removes the tasks of a run from memory; tasks in the store only are removed when they are loaded. */
    synchronized void drop(UUID runId, PendingStore store) {
        backlogs.dropFromWindows(runId, task -> store.remove(task.key()));
    }

    // Tasks go

    /** Takes the next task, or returns the reason to wait. */
    synchronized Turn take(long nowMillis) {
        if (nowMillis < state.throttledUntilMillis()) {
            return new Turn.Throttled(state.throttledUntilMillis());
        }
        boolean withBackfills = !holdsBackfills();
        int level = backlogs.firstReady(withBackfills);
        boolean hasSlot = hasSlot();
        Turn turn = level >= 0 && hasSlot && !isPaused() ? start(level, nowMillis) : Turn.NOTHING;
        if (turn instanceof Turn.Taken) {
            return turn;
        }
        if (backlogs.needRefill(level, withBackfills)) {
            return Turn.NEEDS_REFILL;
        }
        return stuck > 0 && level >= 0 && !hasSlot ? Turn.WAITS_FOR_THREADS : turn;
    }

    private Turn start(int level, long nowMillis) {
        Backlog backlog = backlogs.at(level);
        boolean backfill = level >= Backlogs.BACKFILLS;
        if (backfill && backfills.opensAtMillis(nowMillis) > nowMillis) {
            long opensAt = backfills.opensAtMillis(nowMillis);
            return opensAt < Long.MAX_VALUE ? new Turn.WaitsForBudget(opensAt) : Turn.NOTHING;
        }
        RateLimiter.Permit permit = limiter.tryStart(nowMillis);
        if (permit == null) {
            return waitForRate(backlog, nowMillis);
        }
        executing.add(permit);
        if (backfill) {
            backfills.start();
        }
        unsettled++;
        waits.started();
        return new Turn.Taken(backlog.take(), permit);
    }

    private Turn waitForRate(Backlog backlog, long nowMillis) {
        RateLimiter.Throttle throttle = limiter.throttle(nowMillis);
        if (throttle != null) {
            return new Turn.ThrottledByLimiter(throttle, backlog.firstRunId());
        }
        if (limiter.isShared()) {
            return Turn.WAITS_FOR_SHARED_RATE;
        }
        long opensAt = limiter.opensAtMillis(nowMillis);
        return opensAt < Long.MAX_VALUE ? new Turn.WaitsForRate(opensAt) : Turn.NOTHING;
    }

    /**
     * Takes the next task after the last one has been executed; null: no task can start now. Lanes that share a limiter
     * take turns, so this returns null for them.
     */
    synchronized Turn.@Nullable Taken takeNext(Turn.Taken executed, long nowMillis) {
        release(executed);
        return !limiter.isShared() && take(nowMillis) instanceof Turn.Taken next ? next : null;
    }

    /** The execution is over. Does nothing the second time. */
    synchronized void release(Turn.Taken executed) {
        if (executing.remove(executed.permit())) {
            executed.permit().end();
            if (executed.task().key().priority() >= Backlogs.BACKFILLS) {
                backfills.end();
            }
        }
    }

    /** All executions are over, as far as this worker is concerned, which leaves the lane. */
    synchronized void releaseAll() {
        executing.forEach(RateLimiter.Permit::end);
        executing.clear();
    }

    /** A thread continues although its attempt was given up. */
    synchronized void stuck() {
        stuck++;
    }

    /** Such a thread has returned. */
    synchronized void unstuck() {
        stuck = Counts.oneLess(stuck, "threads that were given up");
    }

    /** The attempt at a task that was taken has been settled. */
    synchronized void settled() {
        unsettled = Counts.oneLess(unsettled, "unsettled tasks of a lane");
    }

    // How it is

    /** The reason why no task of this lane ends, for people. */
    synchronized String describe(long nowMillis) {
        if (state.paused()) {
            return "the user integration is paused";
        }
        if (isPaused()) {
            return "the integration is paused";
        }
        if (state.throttledUntilMillis() > nowMillis) {
            return "the provider asked to wait (" + state.reason() + ")";
        }
        if (stuck >= limits.concurrency()) {
            return stuck + " tasks were given up and do not react to their interruption";
        }
        if (!executing.isEmpty()) {
            return executing.size() + " tasks execute and none ends";
        }
        if (holdsBackfills() && backlogs.firstReady(false) < 0) {
            return "a backfill of the user integration is paused";
        }
        return backlogs.firstReady(true) >= 0
                ? "tasks wait for the limits of the integration or for the worker"
                : "tasks wait for their time";
    }

    /**
     * The reason why no waiting task of this lane can start now; null: one can, as far as the lane knows.
     *
     * @param retryAtMillis when the next failed task is tried again, if no task is ready; 0: unknown
     */
    synchronized @Nullable Wait waitsFor(long retryAtMillis, long nowMillis) {
        int level = backlogs.firstReady(!holdsBackfills());
        if (state.paused() || isPaused() || (level < 0 && holdsBackfills())) {
            return new Wait("pause", 0);
        }
        if (level < 0) {
            return Wait.forRetry(retryAtMillis, nowMillis);
        }
        if (!hasSlot()) {
            return new Wait("concurrency", 0);
        }
        if (level >= Backlogs.BACKFILLS && backfills.opensAtMillis(nowMillis) > nowMillis) {
            return Wait.until("backfillBudget", backfills.opensAtMillis(nowMillis));
        }
        RateLimiter.Throttle throttle = limiter.throttle(nowMillis);
        if (throttle != null) {
            return Wait.until("quota", throttle.untilMillis());
        }
        long opensAt = limiter.opensAtMillis(nowMillis);
        return opensAt > nowMillis ? Wait.until("rate", opensAt) : null;
    }

    /** Adds the lane to a sample of its partition. */
    synchronized void addTo(SampleLanes sample) {
        waits.addTo(sample, domain, state, !backlogs.areEmpty(), isPaused());
    }

    /** Without waiting and executing tasks and without a state, the lane can be forgotten. */
    synchronized boolean isIdle() {
        return executing.isEmpty() && unsettled == 0 && stuck == 0 && state.flowing() && backlogs.areEmpty();
    }

    /** A paused backfill that never arrived, or has ended, holds no other. */
    private boolean holdsBackfills() {
        return !state.pausedRuns().isEmpty() && state.pausedRuns().stream().anyMatch(isLiveRun);
    }

    private boolean isPaused() {
        return state.paused() || pauses.get().cover(domain);
    }

    /** With the stuck threads, there are at most twice as many threads as the concurrency limit. */
    private boolean hasSlot() {
        return executing.size() < limits.concurrency() && executing.size() + stuck < 2 * limits.concurrency();
    }
}
