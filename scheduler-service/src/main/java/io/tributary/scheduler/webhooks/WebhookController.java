package io.tributary.scheduler.webhooks;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where events are posted. */
@RestController
@RequestMapping(path = WebhookController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
class WebhookController {

    static final String PATH = "/v1/webhooks";

    private final Webhooks webhooks;

    WebhookController(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Operation(
            operationId = "createWebhook",
            summary = "Have events posted; the answer is the only one with the secret")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Webhook> create(@RequestBody NewWebhook request, Caller caller) {
        var created = webhooks.create(request, caller);
        return ResponseEntity.created(URI.create(PATH + "/" + created.id())).body(created);
    }

    @Operation(operationId = "listWebhooks", summary = "List webhooks, by id")
    @GetMapping
    Page<Webhook> list(
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return webhooks.list(limit, cursor, caller);
    }

    @Operation(operationId = "getWebhook", summary = "Show a webhook")
    @GetMapping("/{id}")
    Webhook get(@PathVariable UUID id, Caller caller) {
        return webhooks.get(id, caller);
    }

    @Operation(operationId = "deleteWebhook", summary = "Post no more, and forget the delivery log")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id, Caller caller) {
        webhooks.delete(id, caller);
    }

    @Operation(operationId = "listWebhookDeliveries", summary = "The delivery log of a webhook, newest first")
    @GetMapping("/{id}/deliveries")
    Page<WebhookDelivery> deliveries(
            @PathVariable UUID id,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return webhooks.deliveries(id, limit, cursor, caller);
    }
}
