package io.tributary.sink.output;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the sink needs to know of a user integration, as of the transaction that locked it.
 *
 * @param syncStatus active, paused, error or expired
 * @param pollIntervalMinutes 1 and up
 * @param scheduleCron goes before the interval; 5 or 6 fields, UTC
 */
record UserIntegration(
        UUID id,
        String syncStatus,
        int pollIntervalMinutes,
        @Nullable String scheduleCron) {}
