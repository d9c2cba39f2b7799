package io.tributary.worker.engine;

import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The process of a worker, from its start to its end: what it commits, and whether it stops in order. Thread safe.
 *
 * <p>Of two processes of one instance, only one can be alive. So a task that was executing in an earlier process of
 * this instance was executing when that process died, unless it stopped in order.
 */
public final class WorkerProcess {

    private final String instance;
    private final UUID start = UUID.randomUUID();
    private final ThreadLocal<long[]> commits = ThreadLocal.withInitial(() -> new long[1]);
    private final NextTurns turns;
    private volatile boolean stopping;
    private int engines;
    private int ready;

    /** @param instance stable and unique name of the worker; empty: it has none */
    public WorkerProcess(String instance) {
        this(instance, System::nanoTime);
    }

    WorkerProcess(String instance, LongSupplier nanoTime) {
        this.instance = instance;
        this.turns = new NextTurns(nanoTime);
    }

    String instance() {
        return instance;
    }

    /** Another value for each process. */
    UUID start() {
        return start;
    }

    /** The calling stream thread has committed a transaction. */
    public void committed() {
        commits.get()[0]++;
    }

    /** Number of transactions that the calling stream thread has committed. */
    long commits() {
        return commits.get()[0];
    }

    /** When the engines need their next turn. */
    public NextTurns turns() {
        return turns;
    }

    /** Whether the engines are to get ready for the end of the process. */
    boolean isStopping() {
        return stopping;
    }

    /** The engine of a partition starts. */
    synchronized void join() {
        engines++;
    }

    /** The engine of a partition is ready for the end of the process: it starts no further task. */
    synchronized void ready() {
        ready++;
        notifyAll();
    }

    /** The engine of a partition has ended. */
    synchronized void leave(boolean wasReady) {
        engines--;
        ready -= wasReady ? 1 : 0;
        notifyAll();
    }

    /**
     * Announces a stop in order, and waits until the engines are ready for it.
     *
     * @param atMost longest wait; an engine that is not ready by then counts its executing tasks as suspects
     */
    public synchronized void stop(Duration atMost) throws InterruptedException {
        stopping = true;
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); ready < engines && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
