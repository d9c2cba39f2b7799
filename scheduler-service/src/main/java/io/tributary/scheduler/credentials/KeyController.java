package io.tributary.scheduler.credentials;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.security.Caller;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How far a rotation of the keys is. For operators. */
@RestController
class KeyController {

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

    private final Keyset keyset;
    private final ResealSecrets reseal;

    KeyController(Keyset keyset, ResealSecrets reseal) {
        this.keyset = keyset;
        this.reseal = reseal;
    }

    @Operation(operationId = "listCredentialKeys", summary = "Which key has sealed how many secrets")
    @GetMapping(path = "/v1/credential-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Keys keys(Caller caller) {
        if (!caller.operator()) {
            throw new ApiException(Problem.of(HttpStatus.FORBIDDEN, "api.forbidden", "Only operators see the keys."));
        }
        var rows = reseal.rowsByPrefix();
        var keys = keyset.keys().stream()
                .map(key -> new Key(key.id(), key.primary(), rows.getOrDefault(key.prefix(), 0L)))
                .toList();
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        return new Keys(keys, all - keys.stream().mapToLong(Key::secrets).sum());
    }
}
