package io.tributary.scheduler.deadletters;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.deadletters.Redrive.Redriven;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters. */
@RestController
@RequestMapping(path = "/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class DeadLetterController {

    private final ReadDeadLetters readDeadLetters;
    private final Redrive redrive;

    DeadLetterController(ReadDeadLetters readDeadLetters, Redrive redrive) {
        this.readDeadLetters = readDeadLetters;
        this.redrive = redrive;
    }

    /** The causes of an answer. */
    record Causes(List<Cause> items) {}

    /**
     * Which letters to drive again: of a cause, of an account, or both.
     *
     * @param all true: all that the caller may see; then nothing else is given
     */
    record RedriveRequest(
            @Nullable String fingerprint,
            @Nullable UUID userIntegrationId,
            @Nullable Boolean all) {

        WhichLetters which() {
            var violations = new Violations();
            boolean some = fingerprint != null || userIntegrationId != null;
            violations.check(
                    some != Boolean.TRUE.equals(all),
                    "/all",
                    "must be true, or fingerprint or userIntegrationId given");
            violations.throwIfAny();
            return new WhichLetters(null, fingerprint, userIntegrationId);
        }
    }

    @Operation(operationId = "listDeadLetters", summary = "List what was set aside, newest first")
    @GetMapping("/dead-letters")
    Page<DeadLetter> list(
            @RequestParam(required = false) @Nullable String fingerprint,
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        return readDeadLetters.list(new WhichLetters(null, fingerprint, userIntegrationId), limit, cursor, caller);
    }

    @Operation(operationId = "listCauses", summary = "Group what was set aside by its cause, newest first, up to 100")
    @GetMapping("/dead-letters/causes")
    Causes causes(@RequestParam(required = false) @Nullable UUID userIntegrationId, Caller caller) {
        return new Causes(readDeadLetters.causes(new WhichLetters(null, null, userIntegrationId), caller));
    }

    @Operation(operationId = "getDeadLetter", summary = "Show what was set aside, and whether it was driven again")
    @GetMapping("/dead-letters/{id}")
    DeadLetter get(@PathVariable UUID id, Caller caller) {
        return readDeadLetters.get(id, caller);
    }

    @Operation(
            operationId = "redriveOne",
            summary = "Drive a dead letter again; one that was driven again stays as it is")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/dead-letters/{id}:redrive")
    DeadLetter redriveOne(@PathVariable UUID id, Caller caller) {
        readDeadLetters.get(id, caller);
        redrive.all(new WhichLetters(id, null, null), caller);
        DeadLetter letter = readDeadLetters.get(id, caller);
        if (letter.redriven() == null) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "deadLetter.cannotBeRedriven",
                    "The letter does not hold all of what was set aside, or its account is gone: sync the account"
                            + " instead."));
        }
        return letter;
    }

    @Operation(operationId = "redrive", summary = "Drive dead letters again, by cause, by account, or all")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/dead-letters:redrive", consumes = MediaType.APPLICATION_JSON_VALUE)
    Redriven redrive(@RequestBody RedriveRequest request, Caller caller) {
        return redrive.all(request.which(), caller);
    }
}
