package io.tributary.worker.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One try at a task.
 *
 * <pre>
 *   executing --outcome--> ended
 *   executing --deadline, end of run, end of worker--> given up (a late outcome is dropped)
 * </pre>
 */
final class Attempt {

    private final Lane lane;
    private final Lane.Taken taken;
    private final long deadlineMillis;
    private final AtomicReference<End> end = new AtomicReference<>(End.NOT_YET);
    private final AtomicReference<@Nullable Semaphore> permit = new AtomicReference<>();
    private final AtomicReference<@Nullable RunState> countedBy = new AtomicReference<>();
    private volatile @Nullable Thread thread;
    private volatile int journalSlot = -1;

    private enum End {
        NOT_YET,
        OUTCOME,
        GIVEN_UP
    }

    Attempt(Lane lane, Lane.Taken taken, long deadlineMillis) {
        this.lane = lane;
        this.taken = taken;
        this.deadlineMillis = deadlineMillis;
    }

    Lane lane() {
        return lane;
    }

    WaitingTask task() {
        return taken.task();
    }

    Pace.Ticket ticket() {
        return taken.ticket();
    }

    boolean isOverdue(long nowMillis) {
        return nowMillis >= deadlineMillis;
    }

    void executesOn(Thread thread) {
        this.thread = thread;
    }

    /** Ends the attempt with an outcome, once: true when it counts. */
    boolean end() {
        return end.compareAndSet(End.NOT_YET, End.OUTCOME);
    }

    /** Ends the attempt without one, once: true when it was still executing. */
    boolean giveUp() {
        return end.compareAndSet(End.NOT_YET, End.GIVEN_UP);
    }

    boolean wasGivenUp() {
        return end.get() == End.GIVEN_UP;
    }

    /** The attempt holds a permit that others wait for. */
    void holds(Semaphore taken) {
        permit.set(taken);
        if (wasGivenUp()) {
            letGo();
        }
    }

    /** Gives the permit to others. Who gives the attempt up does so too: its thread may never come to it. */
    void letGo() {
        Semaphore held = permit.getAndSet(null);
        if (held != null) {
            held.release();
        }
    }

    /** The run counts the attempt as executing, until it leaves it. */
    void countedBy(RunState run) {
        run.taskBegins();
        countedBy.set(run);
        if (wasGivenUp()) {
            leaveRun();
        }
    }

    /** The run counts the attempt no more. Who ends it says so, or who gives it up; does nothing the second time. */
    void leaveRun() {
        RunState run = countedBy.getAndSet(null);
        if (run != null) {
            run.taskLeaves();
        }
    }

    /** Where the journal notes that the attempt executes. */
    void notedIn(int slot, ExecutionJournal journal) {
        journalSlot = slot;
        if (wasGivenUp()) {
            leave(journal);
        }
    }

    /** Lets the journal forget an attempt that was given up. */
    void leave(ExecutionJournal journal) {
        Thread executing = thread;
        if (executing != null) {
            journal.giveUp(journalSlot, executing);
        }
    }

    void interrupt() {
        Thread executing = thread;
        if (executing != null) {
            executing.interrupt();
        }
    }
}
