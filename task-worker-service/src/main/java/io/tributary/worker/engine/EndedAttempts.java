package io.tributary.worker.engine;

import io.tributary.worker.engine.Attempts.Ended;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that ended and were not settled yet, bounded in number and bytes: each reserves its room before it
 * begins. Any thread adds, and the stream thread drains.
 */
final class EndedAttempts {

    private final SteadyClock clock;
    private final ResultMemory.Share memory;
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();

    EndedAttempts(EngineConfig config) {
        this.clock = config.clock();
        this.memory = config.results().memory().share(config.bounds().maxUnsettled());
    }

    /** Waits for room: false when the engine closes, or the thread was interrupted. */
    boolean reserve(long expectedBytes) {
        try {
            return memory.reserve(expectedBytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Adds an attempt that was given up, with what it reserved. */
    void add(Ended attempt) {
        ended.add(attempt);
    }

    /** Adds an attempt with what its outcome takes. */
    void addWeighed(Ended next) {
        Attempt attempt = next.attempt();
        @Nullable Outcome outcome = next.outcome();
        long bytes = outcome == null ? 0 : outcome.bytes();
        if (outcome instanceof Outcome.Completed) {
            attempt.lane().share().learnBytes(bytes);
        }
        memory.correct(bytes - attempt.resultBytes());
        attempt.resultBytes(bytes);
        ended.add(next);
    }

    /** Hands over as many as the budget allows. */
    void drain(TurnBudget budget, Consumer<Ended> settle) {
        long begin = clock.nanos();
        long bytes = 0;
        int count = 0;
        while (budget.allowsMore(count, bytes, clock.nanos() - begin)) {
            Ended next = ended.poll();
            if (next == null) {
                return;
            }
            settle.accept(next);
            memory.release(next.attempt().resultBytes());
            bytes += next.attempt().resultBytes();
            count++;
        }
    }

    boolean isEmpty() {
        return ended.isEmpty();
    }

    void close() {
        memory.close();
    }
}
