package io.tributary.scheduler.webhooks;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks, and their delivery logs. */
@RestController
@RequestMapping(path = WebhookController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record WebhookController(Webhooks webhooks, Quotas quotas, TransactionOperations transaction) {

    static final String PATH = "/v1/webhooks";

    @Operation(
            operationId = "createWebhook",
            summary = "Create a webhook, to which events are posted; only this response has its secret")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Webhook> create(@RequestBody NewWebhook request, Caller caller) {
        var created = Objects.requireNonNull(transaction.execute(_ -> {
            quotas.requireOneMore(Quota.WEBHOOKS, new Owner(caller.userId(), caller.orgId()));
            return webhooks.create(request, caller);
        }));
        return ResponseEntity.created(URI.create(PATH + "/" + created.id())).body(created);
    }

    @Operation(operationId = "listWebhooks", summary = "List webhooks, by id")
    @GetMapping
    Page<Webhook> list(PageRequest page, Caller caller) {
        return webhooks.list(page, caller);
    }

    @Operation(operationId = "getWebhook", summary = "Show a webhook")
    @GetMapping("/{id}")
    Webhook get(@PathVariable UUID id, Caller caller) {
        return webhooks.get(id, caller);
    }

    @Operation(
            operationId = "enableWebhook",
            summary = "Enable a webhook that was disabled after days of failures; events of that time are not posted")
    @PostMapping("/{id}:enable")
    Webhook enable(@PathVariable UUID id, Caller caller) {
        return webhooks.enable(id, caller);
    }

    @Operation(operationId = "deleteWebhook", summary = "Delete a webhook and its delivery log")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id, Caller caller) {
        webhooks.delete(id, caller);
    }

    @Operation(operationId = "listWebhookDeliveries", summary = "List the deliveries of a webhook, newest first")
    @GetMapping("/{id}/deliveries")
    Page<WebhookDelivery> deliveries(@PathVariable UUID id, PageRequest page, Caller caller) {
        return webhooks.deliveries(id, page, caller);
    }
}
