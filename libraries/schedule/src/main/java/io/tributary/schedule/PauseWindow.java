package io.tributary.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
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

    /** Most windows without a gap between them that are followed. */
    private static final int MAX_WINDOWS_IN_A_ROW = 50;

    /**
     * When the windows around a time end; empty: it is in none. Where one window ends in another one, that one counts
     * as well.
     */
    public static Optional<Instant> endOfAll(List<PauseWindow> windows, Instant time, ZoneId zone) {
        Instant until = time;
        for (int i = 0; i < MAX_WINDOWS_IN_A_ROW; i++) {
            Instant at = until;
            Optional<Instant> end = windows.stream()
                    .flatMap(window -> window.endIfIn(at, zone).stream())
                    .findFirst();
            if (end.isEmpty()) {
                break;
            }
            until = end.get();
        }
        return until.equals(time) ? Optional.empty() : Optional.of(until);
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
