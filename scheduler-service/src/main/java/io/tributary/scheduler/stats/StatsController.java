package io.tributary.scheduler.stats;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Sums of finished runs, for operators. */
@RestController
@RequestMapping(path = "/v1/sync-stats", produces = MediaType.APPLICATION_JSON_VALUE)
record StatsController(ReadStats readStats) {

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "listSyncStats",
            summary = "List sums of finished runs by integration and five minutes, the newest first; for operators")
    @GetMapping
    Page<SyncStats> list(
            @RequestParam(required = false) @Nullable String integrationDomain,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            PageRequest page,
            Caller caller) {
        return readStats.list(integrationDomain, since, until, page, caller);
    }
}
