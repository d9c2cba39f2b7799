package io.tributary.scheduler.polling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sees to it that queued runs are dispatched: at once when asked, and every few seconds whatever happened before.
 * Safe to use from several threads.
 */
public final class Outbox {

    private final DispatchRuns dispatch;
    private final Executor executor;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Queue<UUID> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean emptying = new AtomicBoolean();

    public Outbox(DispatchRuns dispatch, Executor executor) {
        this.dispatch = dispatch;
        this.executor = executor;
    }

    /**
     * Dispatches all that waits on another thread, now, the oldest first: for who does not know which runs were queued. Call
     * it after their commit. Calls before it begins count as one.
     */
    public void dispatchSoon() {
        if (asked.compareAndSet(false, true)) {
            execute(
                    () -> {
                        // Cleared first: a run committed from here on asks again.
                        asked.set(false);
                        dispatch.run();
                    },
                    asked);
        }
    }

    /**
     * Dispatches these on another thread, now, without looking through all that waits. Call it after their commit. They
     * take turns, so that a topic which takes nothing holds up one thread.
     */
    public void dispatchSoon(Collection<UUID> runs) {
        waiting.addAll(runs);
        if (emptying.compareAndSet(false, true)) {
            execute(this::dispatchWaiting, emptying);
        }
    }

    private void dispatchWaiting() {
        do {
            try {
                for (var some = takeSome(); !some.isEmpty(); some = takeSome()) {
                    dispatch.run(some);
                }
            } finally {
                emptying.set(false);
            }
        } while (!waiting.isEmpty() && emptying.compareAndSet(false, true));
    }

    private Collection<UUID> takeSome() {
        var some = new ArrayList<UUID>();
        while (some.size() < DispatchRuns.BATCH && waiting.poll() instanceof UUID run) {
            some.add(run);
        }
        return some;
    }

    private void execute(Runnable dispatching, AtomicBoolean underWay) {
        try {
            executor.execute(dispatching);
        } catch (RejectedExecutionException _) {
            // We are shutting down. The rows stay in the outbox: another replica takes them, or the next start.
            underWay.set(false);
        }
    }
}
