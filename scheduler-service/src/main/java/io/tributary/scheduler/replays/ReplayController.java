package io.tributary.scheduler.replays;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Replays. */
@RestController
@RequestMapping(path = "/v1/replays", produces = MediaType.APPLICATION_JSON_VALUE)
record ReplayController(RequestReplays replays) {

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(operationId = "replay", summary = "Rebuild content from the outputs of the topic, or run tasks again")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Replay> queue(@RequestBody ReplayRequest request, Caller caller) {
        var queued = replays.queue(request, caller);
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header("Location", "/v1/replays/" + queued.id())
                .body(queued);
    }

    @Operation(operationId = "listReplays", summary = "List replays, newest first")
    @GetMapping
    Page<Replay> list(PageRequest page, Caller caller) {
        return replays.list(page, caller);
    }

    @Operation(operationId = "getReplay", summary = "Show a replay with its progress")
    @GetMapping("/{id}")
    Replay get(@PathVariable UUID id, Caller caller) {
        return replays.get(id, caller);
    }

    @Operation(operationId = "cancelReplay", summary = "Cancel a replay; its changes so far stay")
    @PostMapping("/{id}/cancel")
    Replay cancel(@PathVariable UUID id, Caller caller) {
        return replays.cancel(id, caller);
    }
}
