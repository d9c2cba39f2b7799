package io.tributary.sink.outage;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The outages that the sink's consumer threads wait for, for the health endpoint. Each thread reports its own. */
public final class Outages {

    private final Clock clock;
    private final Map<Thread, Outage> outages = new ConcurrentHashMap<>();

    public Outages(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param waitsFor the missing service
     * @param since time of the first failed attempt
     * @param attempts failed attempts since then
     */
    public record Outage(String waitsFor, Instant since, int attempts) {}

    /** Reports a failed attempt of this thread. */
    public Outage failed(String waitsFor) {
        return outages.merge(
                Thread.currentThread(),
                new Outage(waitsFor, clock.instant(), 1),
                (before, now) -> new Outage(waitsFor, before.since(), before.attempts() + 1));
    }

    /** Reports a successful attempt of this thread. */
    public void over() {
        outages.remove(Thread.currentThread());
    }

    /** The longest outage, if any thread waits. */
    public Optional<Outage> longest() {
        return outages.values().stream().min(Comparator.comparing(Outage::since));
    }
}
