package io.tributary.scheduler.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A number that this replica read from the database. Another replica may read the next one, so it ends a minute later:
 * then it is NaN, which {@code max by (...)} passes over. Thread safe.
 */
final class ReadNumber {

    /** Four times the period of the jobs that read. */
    static final Duration VALID = Duration.ofMinutes(1);

    private record Reading(double value, Instant at) {}

    private final Clock clock;
    private volatile Reading last = new Reading(Double.NaN, Instant.EPOCH);

    ReadNumber(Clock clock) {
        this.clock = clock;
    }

    void read(double value) {
        last = new Reading(value, clock.instant());
    }

    double value() {
        Reading reading = last;
        return reading.at().plus(VALID).isBefore(clock.instant()) ? Double.NaN : reading.value();
    }
}
