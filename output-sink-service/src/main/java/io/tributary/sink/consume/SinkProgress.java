package io.tributary.sink.consume;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down when a consumer thread hangs in a poll's records, so that only a restart helps. A thread that waits for Postgres
 * or Kafka comes back with a failure, and tries again. Thread safe.
 */
public final class SinkProgress implements HealthIndicator {

    /** Longer than any wait of a statement, and than the largest batch takes. */
    static final Duration STUCK_AFTER = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private final Map<Thread, Long> beganAtNanos = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic time */
    public SinkProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The calling thread begins to apply records. */
    void begins() {
        beganAtNanos.put(Thread.currentThread(), nanoTime.getAsLong());
    }

    void ends() {
        beganAtNanos.remove(Thread.currentThread());
    }

    @Override
    public Health health() {
        long now = nanoTime.getAsLong();
        boolean stuck = beganAtNanos.values().stream().anyMatch(began -> now - began > STUCK_AFTER.toNanos());
        return (stuck ? Health.down() : Health.up()).build();
    }
}
