package io.tributary.scheduler.billing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** How long a billing cycle is. A cycle begins and ends at the start of a day in the zone of the organisation. */
enum Cycle {
    day,
    month;

    /** The first day of the cycle of a time. */
    LocalDate firstDay(Instant time, ZoneId zone) {
        return firstDay(LocalDate.ofInstant(time, zone));
    }

    /** The first day of the cycle of a day. */
    LocalDate firstDay(LocalDate date) {
        return this == day ? date : date.withDayOfMonth(1);
    }

    /** The first day of the cycle after that of a day. */
    LocalDate after(LocalDate firstDay) {
        return this == day ? firstDay.plusDays(1) : firstDay.plusMonths(1);
    }

    /** The start of a day; where clocks skip midnight, the first time of it. */
    static Instant start(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant();
    }
}
