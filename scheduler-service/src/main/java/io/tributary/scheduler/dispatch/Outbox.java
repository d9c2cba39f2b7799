package io.tributary.scheduler.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Dispatches queued runs on another thread, right after their commit; the timetable dispatches all others. Thread safe.
 */
@Component
public final class Outbox {

    private final DispatchRuns dispatch;
    private final Executor executor;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Queue<UUID> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean emptying = new AtomicBoolean();

    public Outbox(DispatchRuns dispatch, @Qualifier("timers") Executor executor) {
        this.dispatch = dispatch;
        this.executor = executor;
    }

    /**
     * Dispatches all waiting runs on another thread, now, the oldest first: for callers that do not know which runs
     * were queued. Call it after their commit. Calls before it begins count as one.
     */
    public void dispatchSoon() {
        if (asked.compareAndSet(false, true)) {
            execute(
                    () -> {
                        // Cleared first: a run that is committed later requests another dispatch.
                        asked.set(false);
                        dispatch.run();
                    },
                    asked);
        }
    }

    /**
     * Dispatches the given runs on another thread, now, without a search through the outbox. Call it after their
     * commit. Such calls take turns, so that a topic that is unavailable holds up one thread only.
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
            // The service is shutting down. The rows stay in the outbox for another replica, or for the next start.
            underWay.set(false);
        }
    }
}
