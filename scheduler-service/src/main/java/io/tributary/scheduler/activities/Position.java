package io.tributary.scheduler.activities;

import io.tributary.scheduler.http.Times;
import java.time.Instant;

/** The place of an activity in the list, in its cursor. */
record Position(Instant time, long id) {

    /** Before the first one: newer than any. */
    static final Position FIRST = new Position(Times.LATEST, Long.MAX_VALUE);

    static Position of(Activity activity) {
        return new Position(activity.time(), activity.id());
    }

    static Position parse(String text) {
        int colon = text.indexOf(':');
        return new Position(
                Times.ofMicros(text.substring(0, Math.max(0, colon))), Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return Times.micros(time) + ":" + id;
    }
}
