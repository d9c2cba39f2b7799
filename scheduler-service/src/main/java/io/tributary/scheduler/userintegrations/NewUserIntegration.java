package io.tributary.scheduler.userintegrations;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.userintegrations.ScheduleSettings.PauseHours;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body that creates a user integration.
 *
 * @param userId whose it is; only operators may name another user than themselves; default the caller
 * @param integrationDomain which integration it uses; must be known to the workers
 * @param name what its owner calls it, 1 to 200 characters; default the integration's display name
 * @param config matches the integration's config schema; default empty
 * @param credentials what the integration needs to log in; sealed at once, never answered
 * @param pollIntervalMinutes how often it is synced, 1 to 525,600; default 15
 * @param scheduleCron when it is synced in place of an interval, 5 or 6 fields
 * @param scheduleZone of the cron expression and the pause windows, IANA, such as {@code Europe/Berlin}; default UTC
 * @param jitterSeconds up to so many seconds are added to a next time by chance, 0 to 86,400; default a tenth of the
 *     interval, a minute at most
 * @param overlap of a time that comes while a run is under way: {@code skip} it, or {@code queue_one} run for its end;
 *     default skip
 * @param catchUp for a time that was missed while no scheduler ran: {@code once} one does, or {@code none}; default once
 * @param pauseWindows in which nothing is started, 20 at most; default none
 * @param schedules of further sync types of the integration; null in place of one: it is not scheduled; default the
 *     integration's intervals
 * @param retentionDays how many days content is kept, by the items' own time, 1 to 36,500; default for good
 * @param authorize the account is connected by OAuth2 afterwards: credentials need not be complete (a clientId and a
 *     clientSecret of one's own may be given), and the account is expired until then; default false
 */
record NewUserIntegration(
        @Nullable String userId,
        @Nullable String integrationDomain,
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
        @Nullable Boolean authorize) {

    boolean isAuthorizedLater() {
        return Boolean.TRUE.equals(authorize);
    }

    ScheduleSettings schedule() {
        return ScheduleSettings.ofDefault(scheduleCron, scheduleZone, jitterSeconds, overlap, catchUp, pauseWindows);
    }

    /** Names no credential. */
    @Override
    public String toString() {
        return "NewUserIntegration[" + integrationDomain + "]";
    }
}
