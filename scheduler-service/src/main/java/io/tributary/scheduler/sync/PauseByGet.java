package io.tributary.scheduler.sync;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ChangesByGet;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.security.Caller;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Pauses and resumes by GET, as {@link SyncController} does by POST, if {@code tributary.api.pause-by-get} is set.
 * Whoever follows a link with a token changes something: so it is off by default, and audited as a POST is.
 */
@Hidden
@RestController
@ConditionalOnBooleanProperty("tributary.api.pause-by-get")
@RequestMapping(path = SyncController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record PauseByGet(Pauses pauses) {

    @ChangesByGet
    @Operation(operationId = "pause")
    @GetMapping("/pause/{name}")
    Pauses.Changed pause(@PathVariable String name, Caller caller) {
        return pauses.pause(name, caller);
    }

    @ChangesByGet
    @Operation(operationId = "resume")
    @GetMapping("/resume/{name}")
    Pauses.Changed resume(@PathVariable String name, Caller caller) {
        return pauses.resume(name, caller);
    }
}
