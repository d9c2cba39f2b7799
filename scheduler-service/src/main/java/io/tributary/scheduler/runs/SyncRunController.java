package io.tributary.scheduler.runs;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.runs.TriggerRun.Triggered;
import io.tributary.scheduler.runs.TryAccounts.Tried;
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
class SyncRunController {

    private final TriggerRun triggerRun;
    private final TryAccounts tryAccounts;
    private final ReadRuns readRuns;
    private final CancelRuns cancelRuns;

    SyncRunController(TriggerRun triggerRun, TryAccounts tryAccounts, ReadRuns readRuns, CancelRuns cancelRuns) {
        this.triggerRun = triggerRun;
        this.tryAccounts = tryAccounts;
        this.readRuns = readRuns;
        this.cancelRuns = cancelRuns;
    }

    /**
     * Body that triggers a run; may be left out.
     *
     * @param syncType one of the integration's; default its first one
     */
    record TriggerRequest(
            @Nullable String syncType, @Nullable RunOptions options) {}

    @Operation(operationId = "triggerRun", summary = "Sync now, or a range beside the live schedule")
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
            summary =
                    "Find out whether the account works, and whose it is: the run that is answered ends as succeeded, or"
                            + " says why not")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/user-integrations/{id}:test")
    ResponseEntity<Tried> test(@PathVariable UUID id, Caller caller) {
        Tried tried = tryAccounts.tryOut(id, caller);
        return accepted(tried.runId(), tried);
    }

    private static <T> ResponseEntity<T> accepted(UUID runId, T body) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header("Location", "/v1/sync-runs/" + runId)
                .body(body);
    }

    @Operation(
            operationId = "listRuns",
            summary = "List runs, newest first; the system's own only where system is asked for as the trigger")
    @GetMapping("/sync-runs")
    Page<SyncRun> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String trigger,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return readRuns.list(userIntegrationId, trigger, limit, cursor, caller);
    }

    @Operation(operationId = "getRun", summary = "Show a run and how far it is")
    @GetMapping("/sync-runs/{id}")
    SyncRun get(@PathVariable UUID id, Caller caller) {
        return readRuns.get(id, caller);
    }

    @Operation(operationId = "cancelRun", summary = "End a run; it is over once its worker has heard of it")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/sync-runs/{id}/cancel")
    SyncRun cancel(@PathVariable UUID id, Caller caller) {
        cancelRuns.cancel(id, caller);
        return readRuns.get(id, caller);
    }

    @Operation(operationId = "proveRun", summary = "Show the sums of a run")
    @GetMapping("/sync-runs/{id}/proof")
    RunProof proof(@PathVariable UUID id, Caller caller) {
        return readRuns.proof(id, caller);
    }

    @Operation(operationId = "listFailures", summary = "List the tasks of a run that failed")
    @GetMapping("/sync-runs/{id}/failures")
    Page<TaskFailureEntry> failures(
            @PathVariable UUID id,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return readRuns.failures(id, limit, cursor, caller);
    }
}
