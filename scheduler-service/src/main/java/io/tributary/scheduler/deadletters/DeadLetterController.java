package io.tributary.scheduler.deadletters;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.deadletters.Redrive.Redriven;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
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
record DeadLetterController(DeadLetterTable letters, Redrive redrive) {

    /** The causes of a response. */
    record Causes(List<Cause> items) {}

    /**
     * Selects the dead letters to redrive: by cause, by account, or by both.
     *
     * @param all true: all that the caller may see; excludes the other fields
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

    @Operation(operationId = "listDeadLetters", summary = "List dead letters, newest first")
    @GetMapping("/dead-letters")
    Page<DeadLetter> list(
            @RequestParam(required = false) @Nullable String fingerprint,
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            PageRequest page,
            Caller caller) {
        return letters.list(new WhichLetters(null, fingerprint, userIntegrationId), page, caller);
    }

    @Operation(operationId = "listCauses", summary = "List the causes of dead letters, newest first, up to 100")
    @GetMapping("/dead-letters/causes")
    Causes causes(@RequestParam(required = false) @Nullable UUID userIntegrationId, Caller caller) {
        return new Causes(letters.causes(new WhichLetters(null, null, userIntegrationId), caller));
    }

    @Operation(operationId = "getDeadLetter", summary = "Show a dead letter, and whether it was redriven")
    @GetMapping("/dead-letters/{id}")
    DeadLetter get(@PathVariable UUID id, Caller caller) {
        return letters.get(id, caller);
    }

    @Operation(operationId = "redriveOne", summary = "Redrive a dead letter; one that was redriven stays as it is")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping("/dead-letters/{id}:redrive")
    DeadLetter redriveOne(@PathVariable UUID id, Caller caller) {
        letters.get(id, caller);
        redrive.all(new WhichLetters(id, null, null), caller);
        DeadLetter letter = letters.get(id, caller);
        if (letter.redriven() == null) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "deadLetter.cannotBeRedriven",
                    "The dead letter is incomplete or of a system task, or its account was deleted: sync the"
                            + " account instead."));
        }
        return letter;
    }

    @Operation(operationId = "redrive", summary = "Redrive dead letters by cause, by account, or all")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @PostMapping(path = "/dead-letters:redrive", consumes = MediaType.APPLICATION_JSON_VALUE)
    Redriven redrive(@RequestBody RedriveRequest request, Caller caller) {
        return redrive.all(request.which(), caller);
    }
}
