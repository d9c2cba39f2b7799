package io.tributary.scheduler.userintegrations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a sync type is synced, as requests have it. What is null or left out stays, or gets its default.
 *
 * @param intervalSeconds how often, 10 to 31,536,000; default the integration's
 * @param scheduleCron when, in place of an interval, 5 or 6 fields
 * @param scheduleZone of the cron expression and the pause windows, IANA, such as {@code Europe/Berlin}; default UTC
 * @param jitterSeconds up to so many seconds are added by chance, 0 to 86,400; default a tenth of the interval, a minute
 *     at most
 * @param overlap of a time that comes while a run is under way: {@code skip} it, or {@code queue_one} run for its end;
 *     default skip
 * @param catchUp for a time that was missed while no scheduler ran: {@code once} one does, or {@code none}; default once
 * @param pauseWindows in which nothing is started, 20 at most; default none
 */
record ScheduleSettings(
        @Nullable Integer intervalSeconds,
        @Nullable String scheduleCron,
        @Nullable String scheduleZone,
        @Nullable Integer jitterSeconds,
        @Nullable String overlap,
        @Nullable String catchUp,
        @Nullable List<PauseHours> pauseWindows) {

    /**
     * Hours in which nothing is started.
     *
     * @param days on which they begin, such as {@code MONDAY}; default all
     * @param from such as {@code 22:00}
     * @param to such as {@code 06:00}; the next day where that is not after {@code from}
     */
    record PauseHours(
            @Nullable List<@Nullable String> days,
            @Nullable String from,
            @Nullable String to) {}

    /** The default sync type's, but for its interval, which is told in minutes. */
    static ScheduleSettings ofDefault(
            @Nullable String scheduleCron,
            @Nullable String scheduleZone,
            @Nullable Integer jitterSeconds,
            @Nullable String overlap,
            @Nullable String catchUp,
            @Nullable List<PauseHours> pauseWindows) {
        return new ScheduleSettings(null, scheduleCron, scheduleZone, jitterSeconds, overlap, catchUp, pauseWindows);
    }

    /** Whether it says when, and not only how. */
    boolean changesTimes() {
        return intervalSeconds != null || scheduleCron != null || scheduleZone != null;
    }
}
