package io.tributary.scheduler.content;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.security.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was synced. */
@RestController
@RequestMapping(path = "/v1/user-integration-content", produces = MediaType.APPLICATION_JSON_VALUE)
class ContentController {

    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final ReadContent readContent;
    private final OpenContent openContent;

    ContentController(ReadContent readContent, OpenContent openContent) {
        this.readContent = readContent;
        this.openContent = openContent;
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

    /** Streamed, whatever its size; text in UTF-8, as the item's content is where it stands in the list. */
    @Operation(operationId = "downloadContent", summary = "Download the content of one item, wherever it is kept")
    @ApiResponse(
            responseCode = "200",
            content =
                    @io.swagger.v3.oas.annotations.media.Content(
                            mediaType = MediaType.TEXT_PLAIN_VALUE,
                            schema = @Schema(type = "string")))
    @GetMapping(path = "/{id}/content", produces = MediaType.ALL_VALUE)
    ResponseEntity<InputStreamResource> download(@PathVariable long id, Caller caller) {
        var content = openContent.open(id, caller);
        return ResponseEntity.ok()
                .contentType(TEXT)
                .contentLength(content.bytes())
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment") // a mail is no page of ours to show
                .body(new InputStreamResource(content.stream()));
    }
}
