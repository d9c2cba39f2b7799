package io.tributary.scheduler.credentials;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import io.tributary.secrets.Keyset;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the progress of a key rotation, to operators. */
@RestController
record KeyController(Keyset keyset, ResealSecrets reseal) {

    /**
     * A key.
     *
     * @param id as the keyset has it; no secret
     * @param primary whether it seals
     * @param secrets how many secrets it has sealed; a key with none may be disabled
     */
    record Key(int id, boolean primary, long secrets) {}

    /** @param unreadable secrets that open with none of these keys */
    record Keys(List<Key> keys, long unreadable) {}

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "listCredentialKeys",
            summary = "List the keys with the number of secrets that each has sealed; for operators")
    @GetMapping(path = "/v1/credential-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Keys keys(Caller caller) {
        caller.requireOperator("see the keys");
        var rows = reseal.rowsByPrefix();
        var keys = keyset.keys().stream()
                .map(key -> new Key(key.id(), key.primary(), rows.getOrDefault(key.prefix(), 0L)))
                .toList();
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        return new Keys(keys, all - keys.stream().mapToLong(Key::secrets).sum());
    }
}
