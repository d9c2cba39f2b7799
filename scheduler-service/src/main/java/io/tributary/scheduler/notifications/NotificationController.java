package io.tributary.scheduler.notifications;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.notifications.Notification.Accepted;
import io.tributary.scheduler.notifications.Notification.AcceptedBulk;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Notifications. */
@RestController
record NotificationController(Notifications notifications) {

    static final String PATH = "/v1/notifications";

    private static final String KEY = "Idempotency-Key";

    @Operation(
            operationId = "createNotification",
            summary = "Send a notification now or at a time; with an Idempotency-Key, once")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Accepted> create(
            @RequestBody NewNotification request,
            @Parameter(hidden = true) @RequestHeader(name = KEY, required = false) @Nullable String key,
            Caller caller) {
        var accepted = notifications.create(request, key, caller);
        return ResponseEntity.accepted()
                .location(URI.create(PATH + "/" + accepted.id()))
                .body(accepted);
    }

    @Operation(operationId = "createNotifications", summary = "Send up to 500 notifications; each is accepted, or none")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(
            path = PATH + ":bulk",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    AcceptedBulk createAll(
            @RequestBody NewNotification.Bulk request,
            @Parameter(hidden = true) @RequestHeader(name = KEY, required = false) @Nullable String key,
            Caller caller) {
        return new AcceptedBulk(notifications.createAll(request, key, caller));
    }

    @Operation(operationId = "listNotifications", summary = "List notifications, newest first")
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Notification> list(@RequestParam(required = false) @Nullable String status, PageRequest page, Caller caller) {
        return notifications.list(status, page, caller);
    }

    @Operation(operationId = "getNotification", summary = "Show a notification and its deliveries")
    @GetMapping(path = PATH + "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Notification get(@PathVariable UUID id, Caller caller) {
        return notifications.get(id, caller);
    }

    @Operation(operationId = "cancelNotification", summary = "Cancel what is not queued of a notification")
    @PostMapping(path = PATH + "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    Notification cancel(@PathVariable UUID id, Caller caller) {
        return notifications.cancel(id, caller);
    }
}
