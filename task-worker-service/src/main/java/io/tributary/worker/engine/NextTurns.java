package io.tributary.worker.engine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When the engines of a stream thread, and its producer, need their next turn. A thread whose engines have nothing to
 * do waits longer for records: up to {@link #LONGEST_WAIT}, or until the first engine has work that no record
 * announces, such as a retry. Records end the wait at once. An engine with executing tasks is never idle, since their
 * outcomes arrive without a record. A producer with an open transaction is not idle either: the commit comes between
 * two waits.
 *
 * <p>What neither is a record nor has a known time, such as the end of a pause, waits at most that long. Thread safe.
 */
public final class NextTurns {

    /** Long enough to cost nothing, and short beside what a pause or a rebalance takes anyway. */
    public static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private final LongSupplier nanoTime;
    private final Map<Object, NextTurn> next = new ConcurrentHashMap<>();

    /** When an engine of a stream thread needs its next turn. */
    private record NextTurn(Thread thread, long atNanos) {}

    public NextTurns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** An engine of the calling thread needs no turn for that long, unless a record arrives; milliseconds. */
    public void after(long millis, Object engine) {
        long wait = Math.clamp(millis, 0, LONGEST_WAIT.toMillis());
        long at = nanoTime.getAsLong() + Duration.ofMillis(wait).toNanos();
        next.put(engine, new NextTurn(Thread.currentThread(), at));
    }

    /** An engine or the producer of the calling thread needs a turn soon. */
    public void soon(Object engine) {
        after(0, engine);
    }

    /** An engine, or a transaction, has ended. */
    public void forget(Object engine) {
        next.remove(engine);
    }

    /**
     * How long the calling thread may wait for records.
     *
     * @param shortest the wait of a thread with work; a thread without engines does not wait longer either
     */
    public Duration patience(Duration shortest) {
        long now = nanoTime.getAsLong();
        long first = next.values().stream()
                .filter(turn -> turn.thread() == Thread.currentThread())
                .mapToLong(turn -> turn.atNanos() - now)
                .min()
                .orElse(0);
        return first > shortest.toNanos() ? Duration.ofNanos(first) : shortest;
    }
}
