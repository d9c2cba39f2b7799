package io.tributary.scheduler.billing;

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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Usage of organisations. */
@RestController
@RequestMapping(path = "/v1/usage", produces = MediaType.APPLICATION_JSON_VALUE)
record UsageController(AddUsage addUsage, ReadUsage readUsage) {

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "addUsage",
            summary = "Add usage events, each once by its id, however often it is sent; send a request again when there"
                    + " was no response")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    AddedUsage add(@RequestBody NewUsage request, Caller caller) {
        return addUsage.add(request, caller);
    }

    /**
     * Usage of an organisation.
     *
     * @param orgId default the caller's
     * @param from only events of this time or later
     * @param to only events before this time
     */
    @ProblemStatuses(HttpStatus.NOT_FOUND)
    @Operation(operationId = "listUsage", summary = "List the sums of an organisation's usage by meter")
    @GetMapping
    Page<UsageSum> list(
            @RequestParam(required = false) @Nullable String orgId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            PageRequest page,
            Caller caller) {
        return readUsage.list(orgId, from, to, page, caller);
    }
}
