package io.tributary.scheduler.polling;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hours in which nothing is started.
 *
 * @param days on which it begins; empty: on every one
 * @param from when it begins, by the clocks of the schedule's zone
 * @param to when it is over; the next day where that is not after {@code from}
 */
public record PauseWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

    public PauseWindow {
        days = Set.copyOf(days);
    }

    /** When it is over, if a time lies in it. */
    Optional<Instant> endIfIn(Instant time, ZoneId zone) {
        LocalDate today = time.atZone(zone).toLocalDate();
        return Stream.of(today.minusDays(1), today)
                .filter(day -> days.isEmpty() || days.contains(day.getDayOfWeek()))
                .filter(day -> !time.isBefore(day.atTime(from).atZone(zone).toInstant()))
                .map(day -> (to.isAfter(from) ? day : day.plusDays(1))
                        .atTime(to)
                        .atZone(zone)
                        .toInstant())
                .filter(time::isBefore)
                .findFirst();
    }
}
