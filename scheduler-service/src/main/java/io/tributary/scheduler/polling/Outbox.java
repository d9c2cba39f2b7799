package io.tributary.scheduler.polling;

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

    public Outbox(DispatchRuns dispatch, Executor executor) {
        this.dispatch = dispatch;
        this.executor = executor;
    }

    /** Dispatches on another thread, now. Call it after the commit of a run. Calls before it begins count as one. */
    public void dispatchSoon() {
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                // Cleared first: a run committed from here on asks again.
                asked.set(false);
                dispatch.run();
            });
        } catch (RejectedExecutionException _) {
            // We are shutting down. The row stays in the outbox: another replica takes it, or the next start.
            asked.set(false);
        }
    }
}
