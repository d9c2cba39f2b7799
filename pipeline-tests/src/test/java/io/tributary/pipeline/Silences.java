package io.tributary.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** For how long nothing was heard from a partition: what a fault costs its users. */
final class Silences {

    private final Duration least;
    private final Map<Integer, Instant> lastHeard = new HashMap<>();
    private final List<Duration> silences = new ArrayList<>();

    /** @param least what is shorter is no silence */
    Silences(Duration least) {
        this.least = least;
    }

    void heard(int partition, Instant now) {
        Instant before = lastHeard.put(partition, now);
        if (before != null && Duration.between(before, now).compareTo(least) > 0) {
            silences.add(Duration.between(before, now));
        }
    }

    @Override
    public String toString() {
        var sorted = silences.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none over " + least
                : sorted.size() + " over " + least + ", median " + sorted.get(sorted.size() / 2) + ", 90 % up to "
                        + sorted.get(sorted.size() * 9 / 10) + ", longest " + sorted.getLast();
    }
}
