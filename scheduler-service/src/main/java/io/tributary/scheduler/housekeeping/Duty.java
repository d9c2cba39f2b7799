package io.tributary.scheduler.housekeeping;

import java.time.Duration;

/**
 * Something that is to be done periodically, by one of all replicas. Whoever has one declares it as a bean; when it was
 * done last, how long that took and how it went is in the table {@code duty}.
 *
 * @param name stable: its row is found by it
 * @param every from one start to the next, 5 seconds and up; the first is at once
 * @param atMost how long it may take; after that, another replica may begin it again, also beside one that hangs. So it
 *     must bear being done twice
 * @param work called on a timer's thread; what it throws is logged and noted, and it is tried again at the next time
 */
public record Duty(String name, Duration every, Duration atMost, Runnable work) {

    private static final Duration LEAST = Duration.ofSeconds(5);

    public Duty {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a duty has a name");
        }
        if (every.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(name + " is due every " + every + "; the least is 5 seconds");
        }
        if (!atMost.isPositive()) {
            throw new IllegalArgumentException(name + " may take " + atMost + "; it must be more than nothing");
        }
    }
}
