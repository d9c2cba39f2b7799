package io.tributary.scheduler.deadletters;

import io.tributary.scheduler.http.RunError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one cause.
 *
 * @param error of the newest of them
 * @param letters all of them
 * @param open those that were not driven again yet
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
