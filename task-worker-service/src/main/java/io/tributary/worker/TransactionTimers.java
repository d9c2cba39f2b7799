package io.tributary.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Measures the transactions of the engine. Thread safe. */
final class TransactionTimers {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final Timer committed;
    private final Counter aborted;

    TransactionTimers(MeterRegistry meters) {
        committed = Timer.builder("tributary.worker.transaction")
                .description("Time from the first record of a transaction to its commit")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        aborted = Counter.builder("tributary.worker.transaction.aborts")
                .description("Transactions that were rolled back")
                .register(meters);
    }

    /** @param beganAtNanos of its first record, in the time of {@link System#nanoTime} */
    void committed(long beganAtNanos) {
        committed.record(System.nanoTime() - beganAtNanos, TimeUnit.NANOSECONDS);
    }

    void aborted() {
        aborted.increment();
    }
}
