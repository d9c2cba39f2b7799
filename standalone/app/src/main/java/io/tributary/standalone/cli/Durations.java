package io.tributary.standalone.cli;

import java.time.Duration;

/** How a person reads a time that passed. */
final class Durations {

    private Durations() {}

    /** Such as {@code 4.2 s}. */
    static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}
