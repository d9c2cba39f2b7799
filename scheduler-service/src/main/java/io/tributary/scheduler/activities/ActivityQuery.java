package io.tributary.scheduler.activities;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Selects activities.
 *
 * @param userIntegrationId its user integration; null: all of the caller's
 * @param kind post, comment, message, person or activity; null: all
 * @param since only items of this time or later; null: no bound
 * @param until only items before this time; null: no bound
 */
record ActivityQuery(
        @Nullable UUID userIntegrationId,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant until) {}
