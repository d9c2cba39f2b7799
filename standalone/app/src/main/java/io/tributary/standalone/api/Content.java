package io.tributary.standalone.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A synced item, as {@code GET /v1/user-integration-content} shows it. */
public record Content(
        String externalId,
        String kind,
        String name,
        @Nullable String content,
        @Nullable Instant externalTimestamp,
        @Nullable JsonNode metadata) {

    /** One page of items; {@code nextCursor} is null on the last. */
    public record Page(List<Content> items, @Nullable String nextCursor) {}
}
