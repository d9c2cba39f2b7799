package io.tributary.scheduler.incoming;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
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

/** Endpoints at which providers send webhooks. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
record WebhookEndpointController(WebhookEndpoints endpoints) {

    private static final String OF_ACCOUNT = "/v1/user-integrations/{id}/webhook-endpoint";
    private static final String OF_APPS = "/v1/webhook-endpoints";

    @Operation(
            operationId = "createWebhookEndpoint",
            summary = "Create the endpoint to which the provider sends webhooks of an account; only this response has"
                    + " a generated secret and the verify token")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(OF_ACCOUNT)
    ResponseEntity<WebhookEndpointView> create(
            @PathVariable UUID id, @RequestBody(required = false) @Nullable NewWebhookEndpoint request, Caller caller) {
        var created = endpoints.create(id, Objects.requireNonNullElse(request, NewWebhookEndpoint.GENERATED), caller);
        return ResponseEntity.created(URI.create(OF_ACCOUNT.replace("{id}", id.toString())))
                .body(created);
    }

    @Operation(operationId = "getWebhookEndpoint", summary = "Show the webhook endpoint of an account")
    @GetMapping(OF_ACCOUNT)
    WebhookEndpointView get(@PathVariable UUID id, Caller caller) {
        return endpoints.get(id, caller);
    }

    @Operation(
            operationId = "deleteWebhookEndpoint",
            summary = "Delete the webhook endpoint of an account: its URL accepts no webhooks any more")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeleteMapping(OF_ACCOUNT)
    void delete(@PathVariable UUID id, Caller caller) {
        endpoints.delete(id, caller);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "createAppWebhookEndpoint",
            summary = "Create an endpoint of a provider app, for the webhooks of all its accounts; operators only")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(path = OF_APPS, consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<WebhookEndpointView> createForApp(@RequestBody NewAppEndpoint request, Caller caller) {
        caller.requireOperator("create endpoints of provider apps");
        var created = endpoints.createForApp(request);
        return ResponseEntity.created(URI.create(OF_APPS + "/" + created.key())).body(created);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "getAppWebhookEndpoint",
            summary = "Show a webhook endpoint of a provider app; operators only")
    @GetMapping(OF_APPS + "/{key}")
    WebhookEndpointView getOfApp(@PathVariable UUID key, Caller caller) {
        caller.requireOperator("see endpoints of provider apps");
        return endpoints.getOfApp(key);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "deleteAppWebhookEndpoint",
            summary = "Delete a webhook endpoint of a provider app; operators only")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeleteMapping(OF_APPS + "/{key}")
    void deleteOfApp(@PathVariable UUID key, Caller caller) {
        caller.requireOperator("delete endpoints of provider apps");
        endpoints.deleteOfApp(key);
    }
}
