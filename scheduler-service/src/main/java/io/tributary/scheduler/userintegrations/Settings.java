package io.tributary.scheduler.userintegrations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.schedules.ScheduleRules;
import io.tributary.scheduler.schedules.ScheduleSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The settings of a user integration that requests may have. A null or missing field gets its default or, in a change,
 * keeps its value.
 *
 * @param name its name for people, 1 to 200 characters; default the integration's display name
 * @param config matches the integration's config schema; replaced as a whole; default empty
 * @param credentials credentials of the account at the provider; replaced as a whole, sealed, and never part of a
 *     response
 * @param pollIntervalMinutes time between syncs, 1 to 525,600; replaces a cron expression; default 15.
 *     Ignored, like the other settings of schedules, where the integration has actions only
 * @param rules the rest of the default sync type's schedule
 * @param schedules schedules of the integration's additional sync types, by name; null as a value: not scheduled, and
 *     in a change its state is deleted; default the integration's intervals
 * @param retentionDays days that content is kept, by the items' own time, 1 to 36,500; default forever, which is 0 in a
 *     change
 */
record Settings(
        @Nullable String name,

        @Schema(implementation = Object.class, type = "object") @Nullable
        ObjectNode config,

        @Nullable Map<String, @Nullable String> credentials,
        @Nullable Integer pollIntervalMinutes,
        @JsonUnwrapped ScheduleRules rules,
        @Nullable Map<String, @Nullable ScheduleSettings> schedules,
        @Nullable Integer retentionDays) {

    /** Schedule of the default sync type. */
    ScheduleSettings schedule() {
        return new ScheduleSettings(pollIntervalMinutes == null ? null : pollIntervalMinutes * 60, rules);
    }

    Settings withCredentials(Map<String, @Nullable String> other) {
        return new Settings(name, config, other, pollIntervalMinutes, rules, schedules, retentionDays);
    }

    boolean changesSchedules() {
        return !schedule().isEmpty() || schedules != null;
    }

    boolean changesAccess() {
        return config != null || credentials != null;
    }

    /** Names no credential. */
    @Override
    public String toString() {
        return "Settings[]";
    }
}
