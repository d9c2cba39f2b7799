package io.tributary.integrations.workbench;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved; UTC. Thread safe. */
public final class SettableClock extends Clock {

    private Instant now;

    private SettableClock(Instant start) {
        now = start;
    }

    public static SettableClock at(Instant start) {
        return new SettableClock(start);
    }

    /** Moves to a time, back as well. */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    /** Moves on. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        InstantSource moved = this::instant;
        return moved.withZone(zone);
    }

    @Override
    public String toString() {
        return "SettableClock[" + instant() + "]";
    }
}
