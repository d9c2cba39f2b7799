package io.tributary.scheduler.sync;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shows, starts, pauses and purges syncs. Users access their own accounts, operators all. */
@RestController
@RequestMapping(path = SyncController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record SyncController(
        ReadSyncInfo readInfo,
        TriggerMany triggerMany,
        OneOffTasks oneOffTasks,
        Pauses pauses,
        Purge purge,
        Manifests manifests) {

    static final String PATH = "/sync";

    /**
     * The sums.
     *
     * @param queueDepth number of waiting tasks
     * @param inFlight number of executing tasks
     * @param pauses the paused targets
     */
    record Overview(long queueDepth, long inFlight, List<String> pauses) {}

    /**
     * All sync information.
     *
     * @param pauses the paused targets: all, domains, ids of user integrations and of backfill runs; 1,000 at most
     * @param platforms the platforms with their sync types
     */
    record Status(SyncInfo info, List<String> pauses, List<PlatformStatus> platforms) {}

    /** A platform and its sync types. */
    record PlatformStatus(String domain, String displayName, List<String> syncTypes) {}

    @Operation(operationId = "getSync", summary = "Show waiting work, work in progress, and pauses")
    @GetMapping
    Overview overview(Caller caller) {
        SyncInfo info = readInfo.read(caller);
        return new Overview(info.queueDepth(), info.inFlight(), pauses.names(caller));
    }

    @Operation(
            operationId = "getSyncInfo",
            summary = "Show queue depth, work in progress and the last success, by platform and by consumer")
    @GetMapping("/info")
    SyncInfo info(Caller caller) {
        return readInfo.read(caller);
    }

    @Operation(operationId = "getSyncStatus", summary = "Show the same with pauses and platforms")
    @GetMapping("/status")
    Status status(Caller caller) {
        var platforms = manifests.all().stream()
                .map(manifest -> new PlatformStatus(
                        manifest.domain(),
                        manifest.displayName(),
                        manifest.syncTypes().stream().map(type -> type.name()).toList()))
                .toList();
        return new Status(readInfo.read(caller), pauses.names(caller), platforms);
    }

    @Operation(operationId = "triggerAll", summary = "Sync all accounts now, or those of a platform; 100 a request")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/trigger", consumes = MediaType.APPLICATION_JSON_VALUE)
    TriggerMany.Answer trigger(@RequestBody(required = false) TriggerMany.@Nullable Request request, Caller caller) {
        return trigger(request, null, null, caller);
    }

    @Operation(operationId = "triggerPlatform", summary = "Sync all accounts of a platform now; 100 a request")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/trigger/{platform}", consumes = MediaType.APPLICATION_JSON_VALUE)
    TriggerMany.Answer triggerPlatform(
            @PathVariable String platform,
            @RequestBody(required = false) TriggerMany.@Nullable Request request,
            Caller caller) {
        return trigger(request, platform, null, caller);
    }

    @Operation(operationId = "triggerSyncType", summary = "Sync one sync type of all accounts of a platform now")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/trigger/{platform}/{syncType}", consumes = MediaType.APPLICATION_JSON_VALUE)
    TriggerMany.Answer triggerSyncType(
            @PathVariable String platform,
            @PathVariable String syncType,
            @RequestBody(required = false) TriggerMany.@Nullable Request request,
            Caller caller) {
        return trigger(request, platform, syncType, caller);
    }

    private TriggerMany.Answer trigger(
            TriggerMany.@Nullable Request request,
            @Nullable String platform,
            @Nullable String syncType,
            Caller caller) {
        var asked = Objects.requireNonNullElse(request, TriggerMany.Request.EMPTY);
        return triggerMany.trigger(asked.with(platform, syncType), caller);
    }

    @Operation(operationId = "queueTask", summary = "Run one task with an account, now or at a given time")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/queue", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OneOff> queue(@RequestBody OneOffRequest request, Caller caller) {
        var queued = oneOffTasks.queue(request, caller);
        return ResponseEntity.accepted()
                .location(URI.create(PATH + "/queue/" + queued.id()))
                .body(queued);
    }

    @Operation(operationId = "listQueuedTasks", summary = "List one-off tasks, newest first")
    @GetMapping("/queue")
    Page<OneOff> queued(PageRequest page, Caller caller) {
        return oneOffTasks.list(page, caller);
    }

    @Operation(operationId = "getQueuedTask", summary = "Show a one-off task")
    @GetMapping("/queue/{id}")
    OneOff queued(@PathVariable UUID id, Caller caller) {
        return oneOffTasks.get(id, caller);
    }

    @Operation(operationId = "cancelQueuedTask", summary = "Cancel a one-off task, or its run if it has started")
    @DeleteMapping("/queue/{id}")
    OneOff cancelQueued(@PathVariable UUID id, Caller caller) {
        return oneOffTasks.cancel(id, caller);
    }

    @Operation(
            operationId = "pause",
            summary = "Pause a user integration (its id), a platform (its domain), everything (all) or a"
                    + " backfill (the id of its run)")
    @PostMapping("/pause/{name}")
    Pauses.Changed pause(@PathVariable String name, Caller caller) {
        return pauses.pause(name, caller);
    }

    @Operation(operationId = "resume", summary = "Resume a paused target")
    @PostMapping("/resume/{name}")
    Pauses.Changed resume(@PathVariable String name, Caller caller) {
        return pauses.resume(name, caller);
    }

    @Operation(operationId = "purge", summary = "Cancel live runs and waiting one-off tasks")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/purge", consumes = MediaType.APPLICATION_JSON_VALUE)
    Purge.Answer purge(@RequestBody(required = false) Purge.@Nullable Request request, Caller caller) {
        return purge.purge(Objects.requireNonNullElse(request, Purge.Request.EVERYTHING), caller);
    }
}
