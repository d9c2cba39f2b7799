package io.tributary.scheduler.actions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.actions.EffectTable.Found;
import io.tributary.scheduler.actions.RequestAction.Queued;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.util.Objects;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Actions of an account, and their effects. */
@RestController
@RequestMapping(path = "/v1/user-integrations/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
record ActionController(RequestAction requestAction, EffectTable table, Accounts accounts) {

    /** The code of the dead letter of an effect of which nobody knows whether it happened. */
    static final String UNCERTAIN = "effects.uncertain";

    private static final RunError NOT_EXECUTED =
            new RunError("effects.notExecuted", "Its run ended without it. Request it again with the same key.");

    /**
     * Body that requests an action.
     *
     * @param key business key of the effect, such as the id of an order, 1 to 200 letters, digits and characters of
     *     -._~:@!$'()*+,=, not beginning with {@code notification:} or {@code invoice:}, unique for the account: the
     *     effect happens once, however often the key is sent; default the Idempotency-Key, else a new one
     * @param input matches the input schema of the action
     */
    record ActionRequest(
            @Nullable String key,

            @Schema(implementation = Object.class, type = "object") @Nullable
            ObjectNode input) {}

    /** How far an effect is. */
    enum Status {
        /** It waits or executes. */
        queued,
        /** It happened. */
        done,
        /** It did not happen, and nothing executes it: see the error. */
        failed,
        /** Nobody knows whether it happened: check at the provider, and redrive its dead letter to execute it again. */
        uncertain
    }

    /**
     * An effect.
     *
     * @param providerId the provider's own id of it; null: none
     * @param result the provider's answer; null: it has not happened
     * @param error why it failed or is uncertain
     */
    record EffectState(
            Status status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String providerId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Schema(implementation = Object.class) @Nullable
            String result,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RunError error) {

        static EffectState of(Found found) {
            if (found.result() != null) {
                return new EffectState(Status.done, found.providerId(), found.result(), null);
            }
            RunError letter = found.letter();
            if (letter != null) {
                return new EffectState(
                        letter.code().equals(UNCERTAIN) ? Status.uncertain : Status.failed, null, null, letter);
            }
            return found.live()
                    ? new EffectState(Status.queued, null, null, null)
                    : new EffectState(
                            Status.failed, null, null, Objects.requireNonNullElse(found.runError(), NOT_EXECUTED));
        }
    }

    @Operation(operationId = "requestAction", summary = "Execute an action of an account, once for each key")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/actions/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Queued> request(
            @PathVariable UUID id,
            @PathVariable String name,
            @RequestBody ActionRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller) {
        String key = request.key() == null ? idempotencyKey : request.key();
        Queued queued = requestAction.request(id, name, key, request.input(), caller);
        return ResponseEntity.accepted()
                .location(URI.create("/v1/user-integrations/" + id + "/effects/" + queued.key()))
                .body(queued);
    }

    @Operation(operationId = "getEffect", summary = "Show whether the effect of an action happened")
    @GetMapping("/effects/{key}")
    EffectState effect(@PathVariable UUID id, @PathVariable String key, Caller caller) {
        accounts.require(id, caller);
        return table.find(id, key).map(EffectState::of).orElseThrow(ApiException::notFound);
    }
}
