package io.tributary.scheduler.templates;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Templates of notifications. */
@RestController
@RequestMapping(path = TemplateController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record TemplateController(Templates templates) {

    static final String PATH = "/v1/notification-templates";

    @Operation(operationId = "createNotificationTemplate", summary = "Create a template of notifications")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<NotificationTemplate> create(@RequestBody NewTemplate request, Caller caller) {
        var created = templates.create(request, caller);
        return ResponseEntity.created(URI.create(PATH + "/" + created.id())).body(created);
    }

    @Operation(operationId = "listNotificationTemplates", summary = "List templates of notifications, by id")
    @GetMapping
    Page<NotificationTemplate> list(PageRequest page, Caller caller) {
        return templates.list(page, caller);
    }

    @Operation(operationId = "getNotificationTemplate", summary = "Show a template of notifications")
    @GetMapping("/{id}")
    NotificationTemplate get(@PathVariable UUID id, Caller caller) {
        return templates.get(id, caller);
    }

    @Operation(
            operationId = "replaceNotificationTemplate",
            summary = "Replace a template; notifications that were accepted before stay as they are")
    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    NotificationTemplate replace(@PathVariable UUID id, @RequestBody NewTemplate request, Caller caller) {
        return templates.replace(id, request, caller);
    }

    @Operation(operationId = "deleteNotificationTemplate", summary = "Delete a template of notifications")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id, Caller caller) {
        templates.delete(id, caller);
    }
}
