package io.tributary.scheduler.content;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Synced content. */
@RestController
@RequestMapping(path = "/v1/user-integration-content", produces = MediaType.APPLICATION_JSON_VALUE)
record ContentController(ReadContent readContent, OpenContent openContent) {

    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    @ProblemStatuses(HttpStatus.NOT_FOUND)
    @Operation(operationId = "listContent", summary = "List synced items, in the order of their arrival")
    @GetMapping
    Page<Content> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String externalId,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(required = false) @Nullable Boolean deleted,
            PageRequest page,
            Caller caller) {
        return readContent.list(
                new ContentQuery(userIntegrationId, externalId, kind, since, until, deleted), page, caller);
    }

    /** Streams the content, whatever its size; text is UTF-8, and the same as in the list. */
    @Operation(
            operationId = "downloadContent",
            summary = "Download the content of an item, from the database or the object store")
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
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment") // no browser may render a mail as our page
                .body(new InputStreamResource(content.stream()));
    }
}
