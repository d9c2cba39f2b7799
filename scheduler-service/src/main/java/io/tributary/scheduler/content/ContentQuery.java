package io.tributary.scheduler.content;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which content is asked for.
 *
 * @param userIntegrationId of which user integration; only operators may leave it out
 * @param externalId the one item of that external id; null: all
 * @param kind content, activity or deletion; null: all
 * @param since only items whose time at the provider, or else of their coming in, is then or later; null: no bound
 * @param until only those before then; null: no bound
 * @param deleted true: only what is gone at the provider; false: only what is there; null: both
 * @param limit items of the page at most, 1 to 1,000
 * @param cursor the last page's nextCursor; null: the first page
 */
record ContentQuery(
        @Nullable UUID userIntegrationId,
        @Nullable String externalId,
        @Nullable String kind,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Boolean deleted,
        int limit,
        @Nullable String cursor) {

    /** Whether it asks for some items of an integration only. */
    boolean isFiltered() {
        return externalId != null || kind != null || since != null || until != null || deleted != null;
    }
}
