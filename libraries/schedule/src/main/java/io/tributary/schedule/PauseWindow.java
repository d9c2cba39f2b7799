package io.tributary.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hours in which no run starts.
 *
 * @param days days on which it begins; empty: every day
 * @param from start, in the schedule's time zone
 * @param to end; on the next day if it is not after {@code from}
 */
public record PauseWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

    public PauseWindow {
        days = Set.copyOf(days);
    }

    /** The end of the window, if {@code time} is in it. */
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
