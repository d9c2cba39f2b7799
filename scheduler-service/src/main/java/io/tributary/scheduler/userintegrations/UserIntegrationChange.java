package io.tributary.scheduler.userintegrations;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.userintegrations.ScheduleSettings.PauseHours;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body that changes a user integration. What is null or left out stays; config and credentials are replaced as a whole.
 *
 * @param name 1 to 200 characters
 * @param config matches the integration's config schema
 * @param credentials what the integration needs to log in
 * @param pollIntervalMinutes how often it is synced, 1 to 525,600; takes the place of a cron schedule
 * @param scheduleCron when it is synced, 5 or 6 fields; takes the place of an interval
 * @param scheduleZone of the cron expression and the pause windows, IANA, such as {@code Europe/Berlin}
 * @param jitterSeconds up to so many seconds are added to a next time by chance, 0 to 86,400
 * @param overlap of a time that comes while a run is under way: {@code skip} it, or {@code queue_one} run for its end
 * @param catchUp for a time that was missed while no scheduler ran: {@code once} one does, or {@code none}
 * @param pauseWindows in which nothing is started, 20 at most
 * @param schedules of further sync types of the integration; null in place of one ends its schedule and forgets its
 *     state
 * @param retentionDays how many days content is kept, by the items' own time, 1 to 36,500; 0: for good
 * @param syncStatus {@code paused}: not polled any more; {@code active}: polled again, due at once
 */
record UserIntegrationChange(
        @Nullable String name,

        @Schema(implementation = Object.class, type = "object") @Nullable
        ObjectNode config,

        @Nullable Map<String, @Nullable String> credentials,
        @Nullable Integer pollIntervalMinutes,
        @Nullable String scheduleCron,
        @Nullable String scheduleZone,
        @Nullable Integer jitterSeconds,
        @Nullable String overlap,
        @Nullable String catchUp,
        @Nullable List<PauseHours> pauseWindows,
        @Nullable Map<String, @Nullable ScheduleSettings> schedules,
        @Nullable Integer retentionDays,
        @Nullable String syncStatus) {

    boolean changesAccess() {
        return config != null || credentials != null;
    }

    boolean changesSchedule() {
        return pollIntervalMinutes != null || schedule().changesTimes();
    }

    ScheduleSettings schedule() {
        return ScheduleSettings.ofDefault(scheduleCron, scheduleZone, jitterSeconds, overlap, catchUp, pauseWindows);
    }

    /** Names no credential. */
    @Override
    public String toString() {
        return "UserIntegrationChange[]";
    }
}
