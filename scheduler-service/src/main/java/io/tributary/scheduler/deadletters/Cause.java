package io.tributary.scheduler.deadletters;

import io.tributary.scheduler.http.RunError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one cause.
 *
 * @param error of the newest one
 * @param letters number of its dead letters
 * @param open number of those that were not redriven yet
 */
record Cause(
        String fingerprint,
        RunError error,
        @Nullable String integrationDomain,
        @Nullable String taskType,
        long letters,
        long open,
        Instant firstAt,
        Instant lastAt) {}
