package io.tributary.scheduler.content;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Selects content.
 *
 * @param userIntegrationId its user integration; only operators may leave it out
 * @param externalId external id of a single item; null: all
 * @param kind content, activity, post, comment, message, person or deletion; null: all
 * @param since only items of this time or later, by their time at the provider, or else of their arrival; null: no
 *     bound
 * @param until only items before this time; null: no bound
 * @param deleted true: only items that the provider has deleted; false: only the others; null: both
 */
record ContentQuery(
        @Nullable UUID userIntegrationId,
        @Nullable String externalId,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Boolean deleted) {

    /** Whether it selects only some items of an integration. */
    boolean isFiltered() {
        return externalId != null || kind != null || since != null || until != null || deleted != null;
    }
}
