package io.tributary.scheduler.billing;

import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A usage event that a line of an invoice bills.
 *
 * @param id chosen by its sender
 * @param meter name of what was used
 * @param quantity how much
 * @param at when it was used
 * @param receivedAt when it arrived
 */
record BilledEvent(String id, String meter, BigDecimal quantity, Instant at, Instant receivedAt) {

    /** The place of an event in the list of a line. */
    record Position(Instant at, String id) {

        static final Position FIRST = new Position(Times.EARLIEST, "");

        static Position parse(String text) {
            int colon = text.indexOf(':');
            String id = text.substring(colon + 1);
            if (!Violations.isStorable(id)) {
                throw new IllegalArgumentException("not storable");
            }
            return new Position(Times.ofMicros(text.substring(0, Math.max(0, colon))), id);
        }

        static Position of(BilledEvent event) {
            return new Position(event.at(), event.id());
        }

        @Override
        public String toString() {
            return Times.micros(at) + ":" + id;
        }
    }
}
