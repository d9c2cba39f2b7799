package io.tributary.worker.engine;

import io.tributary.integrations.api.Quota;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One try at a task.
 *
 * <pre>
 *   executing --outcome--> ended
 *   executing --deadline, end of run, end of worker--> given up (a late outcome is dropped)
 * </pre>
 *
 * <p>An attempt {@link #own}s resources while it executes, such as a permit or its place in a count, and releases each
 * of them once: either the executing thread does at its end, or the thread that gives up the attempt, since the
 * executing thread may never return.
 */
final class Attempt {

    private static final Runnable NOTHING = () -> {};

    private final Lane lane;
    private final Turn.Taken taken;
    private final Thread thread;
    private final long deadlineNanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.EXECUTING);
    /** Releases what the attempt owns, the latest first. Guarded by this attempt. */
    private Runnable owned = NOTHING;

    private boolean released;
    /** What its result takes of the {@link ResultMemory}. */
    private volatile long resultBytes;

    private enum State {
        EXECUTING,
        ENDED,
        GIVEN_UP
    }

    /**
     * An attempt of the calling thread.
     *
     * @param deadlineNanos in monotonic time
     */
    Attempt(Lane lane, Turn.Taken taken, long deadlineNanos) {
        this.lane = lane;
        this.taken = taken;
        this.thread = Thread.currentThread();
        this.deadlineNanos = deadlineNanos;
    }

    Lane lane() {
        return lane;
    }

    Turn.Taken taken() {
        return taken;
    }

    WaitingTask task() {
        return taken.task();
    }

    Thread thread() {
        return thread;
    }

    long resultBytes() {
        return resultBytes;
    }

    void resultBytes(long bytes) {
        resultBytes = bytes;
    }

    boolean isOverdue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    /** Receives the quota that the provider reports. */
    Consumer<Quota> learning(SteadyClock clock) {
        return quota -> taken.permit().learn(quota, clock.millis());
    }

    /** Ends the attempt with an outcome, once: true when it counts. */
    boolean end() {
        return state.compareAndSet(State.EXECUTING, State.ENDED);
    }

    /** Ends the attempt without an outcome and interrupts it, once: true when it was still executing. */
    boolean giveUp() {
        boolean givenUp = state.compareAndSet(State.EXECUTING, State.GIVEN_UP);
        if (givenUp) {
            release();
            thread.interrupt();
        }
        return givenUp;
    }

    boolean wasGivenUp() {
        return state.get() == State.GIVEN_UP;
    }

    /** Adds a resource of the attempt; {@code release} releases it, on any thread, once. */
    void own(Runnable release) {
        synchronized (this) {
            if (!released) {
                Runnable earlier = owned;
                owned = earlier == NOTHING
                        ? release
                        : () -> {
                            release.run();
                            earlier.run();
                        };
                return;
            }
        }
        release.run(); // The attempt was given up in the meantime.
    }

    /** Gives back its permit before its end is settled, which gives the lane its next turn. */
    void ownPermit() {
        own(() -> lane.release(taken));
    }

    /** Releases the attempt's resources. A second call does nothing. */
    void release() {
        Runnable all;
        synchronized (this) {
            released = true;
            all = owned;
            owned = NOTHING;
        }
        all.run();
    }
}
