package io.tributary.scheduler.userintegrations;

import io.swagger.v3.oas.annotations.media.Schema;
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
 * @param scheduleCron when it is synced, 5 or 6 fields, UTC; takes the place of an interval
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
        @Nullable Integer retentionDays,
        @Nullable String syncStatus) {

    boolean changesAccess() {
        return config != null || credentials != null;
    }

    boolean changesSchedule() {
        return pollIntervalMinutes != null || scheduleCron != null;
    }

    /** Names no credential. */
    @Override
    public String toString() {
        return "UserIntegrationChange[]";
    }
}
