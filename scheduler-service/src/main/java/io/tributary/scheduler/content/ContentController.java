package io.tributary.scheduler.content;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was synced. */
@RestController
@RequestMapping(path = "/v1/user-integration-content", produces = MediaType.APPLICATION_JSON_VALUE)
class ContentController {

    private final ReadContent readContent;

    ContentController(ReadContent readContent) {
        this.readContent = readContent;
    }

    @Operation(operationId = "listContent", summary = "List synced items, in the order in which they came in")
    @GetMapping
    Page<Content> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String externalId,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(required = false) @Nullable Boolean deleted,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return readContent.list(
                new ContentQuery(userIntegrationId, externalId, kind, since, until, deleted, limit, cursor), caller);
    }
}
