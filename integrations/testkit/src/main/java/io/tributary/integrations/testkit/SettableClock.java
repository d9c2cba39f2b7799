package io.tributary.integrations.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved; UTC. Thread safe. */
public final class SettableClock extends Clock {

    private final AtomicReference<Instant> now;

    private SettableClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    public static SettableClock at(Instant start) {
        return new SettableClock(start);
    }

    /** Moves to a time, back as well. */
    public void set(Instant instant) {
        now.set(instant);
    }

    /** Moves on. */
    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.tick(this, Duration.ofNanos(1)).withZone(zone);
    }

    @Override
    public String toString() {
        return "SettableClock[" + instant() + "]";
    }
}
