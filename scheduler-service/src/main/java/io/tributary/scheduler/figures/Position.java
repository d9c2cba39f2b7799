package io.tributary.scheduler.figures;

import io.tributary.scheduler.http.Times;
import java.time.Instant;

/** The place of a figure in the list, in its cursor. */
record Position(long seriesId, Instant time) {

    static final Position FIRST = new Position(0, Instant.EPOCH);

    static Position parse(String text) {
        int colon = text.indexOf(':');
        return new Position(
                Long.parseLong(text.substring(0, Math.max(0, colon))), Times.ofMicros(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return seriesId + ":" + Times.micros(time);
    }
}
