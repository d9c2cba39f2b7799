package io.tributary.scheduler.runs;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.runs.ConnectionTest.Tried;
import io.tributary.scheduler.runs.RefreshNow.Refreshed;
import io.tributary.scheduler.runs.TriggerRun.Triggered;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Sync runs. */
@RestController
@RequestMapping(path = "/v1", produces = MediaType.APPLICATION_JSON_VALUE)
record SyncRunController(
        TriggerRun triggerRun,
        ConnectionTest connectionTest,
        RefreshNow refreshNow,
        ReadRuns readRuns,
        CancelRuns cancelRuns) {

    /**
     * Body that triggers a run; may be left out.
     *
     * @param syncType one of the integration's; default its first one
     */
    record TriggerRequest(
            @Nullable String syncType, @Nullable RunOptions options) {}

    @Operation(operationId = "triggerRun", summary = "Start a run now, or a backfill of a range of dates")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/user-integrations/{id}/trigger", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Triggered> trigger(
            @PathVariable UUID id, @RequestBody(required = false) @Nullable TriggerRequest request, Caller caller) {
        var options = request == null || request.options() == null ? RunOptions.NONE : request.options();
        var triggered = triggerRun.trigger(id, request == null ? null : request.syncType(), options, caller);
        return accepted(triggered.runId(), triggered);
    }

    @Operation(
            operationId = "testUserIntegration",
            summary = "Test the connection and identify the account; the returned run ends as succeeded,"
                    + " or as failed with the reason")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/user-integrations/{id}:test")
    ResponseEntity<Tried> test(@PathVariable UUID id, Caller caller) {
        Tried tried = connectionTest.test(id, caller);
        return accepted(tried.runId(), tried);
    }

    @Operation(
            operationId = "refreshUserIntegration",
            summary = "Renew the OAuth2 access token now; the returned run ends as succeeded, or as failed with the"
                    + " reason")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/user-integrations/{id}:refresh")
    ResponseEntity<Refreshed> refresh(@PathVariable UUID id, Caller caller) {
        Refreshed refreshed = refreshNow.refresh(id, caller);
        return accepted(refreshed.runId(), refreshed);
    }

    private static <T> ResponseEntity<T> accepted(UUID runId, T body) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header("Location", "/v1/sync-runs/" + runId)
                .body(body);
    }

    @Operation(operationId = "listRuns", summary = "List runs, newest first; system runs only with trigger=system")
    @GetMapping("/sync-runs")
    Page<SyncRun> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String trigger,
            PageRequest page,
            Caller caller) {
        return readRuns.list(userIntegrationId, trigger, page, caller);
    }

    @Operation(operationId = "getRun", summary = "Show a run and its progress")
    @GetMapping("/sync-runs/{id}")
    SyncRun get(@PathVariable UUID id, Caller caller) {
        return readRuns.get(id, caller);
    }

    @Operation(operationId = "cancelRun", summary = "Cancel a run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/sync-runs/{id}/cancel")
    SyncRun cancel(@PathVariable UUID id, Caller caller) {
        cancelRuns.cancel(id, caller);
        return readRuns.get(id, caller);
    }

    @Operation(operationId = "proveRun", summary = "Show the proof of a run: its sums, and whether they balance")
    @GetMapping("/sync-runs/{id}/proof")
    RunProof proof(@PathVariable UUID id, Caller caller) {
        return readRuns.proof(id, caller);
    }

    @Operation(operationId = "listFailures", summary = "List the failed tasks of a run")
    @GetMapping("/sync-runs/{id}/failures")
    Page<TaskFailureEntry> failures(@PathVariable UUID id, PageRequest page, Caller caller) {
        return readRuns.failures(id, page, caller);
    }
}
