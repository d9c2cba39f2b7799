package io.tributary.scheduler.activities;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Activities of all platforms. */
@RestController
@RequestMapping(path = "/v1/activities", produces = MediaType.APPLICATION_JSON_VALUE)
record ActivityController(ReadActivities readActivities) {

    @ProblemStatuses(HttpStatus.NOT_FOUND)
    @Operation(
            operationId = "listActivities",
            summary = "List posts, comments, messages and people of all platforms, the newest first")
    @GetMapping
    Page<Activity> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            PageRequest page,
            Caller caller) {
        return readActivities.list(new ActivityQuery(userIntegrationId, kind, since, until), page, caller);
    }
}
