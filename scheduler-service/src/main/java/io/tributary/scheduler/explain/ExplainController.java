package io.tributary.scheduler.explain;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Explanations. */
@RestController
@RequestMapping(path = "/v1/user-integrations", produces = MediaType.APPLICATION_JSON_VALUE)
record ExplainController(ExplainAccount explainAccount) {

    @Operation(
            operationId = "explainUserIntegration",
            summary = "Explain why nothing is happening with an account, and when it will")
    @GetMapping("/{id}/explain")
    Explanation explain(@PathVariable UUID id, Caller caller) {
        return explainAccount.explain(id, caller);
    }
}
