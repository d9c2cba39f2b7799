package io.tributary.scheduler.schedules;

import io.tributary.schedule.Cron;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a sync type without its interval, as in requests. A null or missing field keeps its value, or gets
 * its default.
 *
 * @param scheduleCron cron expression of 5 or 6 fields, instead of an interval
 * @param scheduleZone of the cron expression and the pause windows, IANA, such as {@code Europe/Berlin}; default UTC
 * @param jitterSeconds most seconds that are added at random to a next time, 0 to 86,400; default a tenth of the
 *     interval, a minute at most
 * @param overlap when a time comes while a run is live: {@code skip} it, or {@code queue_one} run for after its end;
 *     default skip
 * @param catchUp after times that were missed while no scheduler ran: {@code once} starts one run, {@code none} starts
 *     none; default once
 * @param pauseWindows hours in which no run starts, 20 at most; default none
 */
public record ScheduleRules(
        @Nullable String scheduleCron,
        @Nullable String scheduleZone,
        @Nullable Integer jitterSeconds,
        @Nullable String overlap,
        @Nullable String catchUp,
        @Nullable List<PauseHours> pauseWindows) {

    /** Without any field. */
    static final ScheduleRules NONE = new ScheduleRules(null, null, null, null, null, null);

    /**
     * Hours in which no run starts.
     *
     * @param days days on which they begin, such as {@code MONDAY}; default all
     * @param from start, such as {@code 22:00}
     * @param to end, such as {@code 06:00}; on the next day if it is not after {@code from}
     */
    public record PauseHours(
            @Nullable List<@Nullable String> days,
            @Nullable String from,
            @Nullable String to) {}

    /** Shortest time between two times of the valid cron expression, seconds; null: there is none. */
    @Nullable
    Integer cronGapSeconds() {
        return scheduleCron == null
                ? null
                : (int) Cron.parse(scheduleCron).shortestGap().toSeconds();
    }

    /** The pause windows as stored in the table, always with their days. */
    List<PauseHours> windows() {
        return Objects.requireNonNullElse(pauseWindows, List.<PauseHours>of()).stream()
                .map(window -> new PauseHours(
                        Objects.requireNonNullElse(window.days(), List.of()), window.from(), window.to()))
                .toList();
    }
}
