package io.tributary.scheduler.recipients;

import io.tributary.schedule.PauseWindow;
import io.tributary.scheduler.schedules.ScheduleRules.PauseHours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants of the notifications to them. It holds for all but transactional ones, those of priority 0.
 *
 * @param optedOut whether they want none
 * @param zone time zone of the quiet hours, IANA, such as {@code Europe/Berlin}; default UTC
 * @param quietHours hours in which none is sent; one that is due then is sent at their end. 20 at most; default none
 */
public record Preference(
        @Nullable Boolean optedOut,
        @Nullable String zone,
        @Nullable List<@Nullable PauseHours> quietHours) {

    /** Of a user who has set none. */
    static final Preference NONE = new Preference(false, "UTC", List.of());

    /** Whether the user wants none at all. */
    public boolean wantsNone() {
        return Boolean.TRUE.equals(optedOut);
    }

    /** When the quiet hours around a time end; empty: it is in none. */
    public Optional<Instant> quietUntil(Instant time) {
        var windows = Objects.requireNonNullElse(quietHours, List.<@Nullable PauseHours>of()).stream()
                .map(hours -> window(Objects.requireNonNull(hours)))
                .toList();
        return PauseWindow.endOfAll(windows, time, ZoneId.of(Objects.requireNonNullElse(zone, "UTC")));
    }

    /** With the defaults in place of what is missing. */
    Preference whole() {
        return new Preference(
                wantsNone(),
                Objects.requireNonNullElse(zone, "UTC"),
                Objects.requireNonNullElse(quietHours, List.of()));
    }

    private static PauseWindow window(PauseHours hours) {
        return new PauseWindow(
                Objects.requireNonNullElse(hours.days(), List.<@Nullable String>of()).stream()
                        .map(day -> DayOfWeek.valueOf(Objects.requireNonNull(day)))
                        .collect(Collectors.toSet()),
                LocalTime.parse(Objects.requireNonNull(hours.from())),
                LocalTime.parse(Objects.requireNonNull(hours.to())));
    }
}
