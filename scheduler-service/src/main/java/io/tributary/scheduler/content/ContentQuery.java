package io.tributary.scheduler.content;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which content is asked for.
 *
 * @param userIntegrationId of which user integration; only operators may leave it out
 * @param externalId the one item of that external id; null: all
 * @param limit items of the page at most, 1 to 1,000
 * @param cursor the last page's nextCursor; null: the first page
 */
record ContentQuery(
        @Nullable UUID userIntegrationId,
        @Nullable String externalId,
        int limit,
        @Nullable String cursor) {}
