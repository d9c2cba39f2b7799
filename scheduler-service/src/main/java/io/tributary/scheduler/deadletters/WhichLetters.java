package io.tributary.scheduler.deadletters;

import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Selects dead letters that meet all given conditions, among those that the caller may see. Dead letters
 * are seen by those who see their account.
 */
record WhichLetters(
        @Nullable UUID id,
        @Nullable String fingerprint,
        @Nullable UUID userIntegrationId) {

    private static final int MAX_FINGERPRINT = 64;

    void check() {
        var violations = new Violations();
        violations.checkText(fingerprint, MAX_FINGERPRINT, "fingerprint");
        violations.throwIfAny();
    }

    /** A condition on {@code dead_letter d}. */
    String condition(Caller caller) {
        return """
            (:id::uuid is null or d.id = :id::uuid)
              and (:fingerprint::text is null or d.fingerprint = :fingerprint::text)
              and (:userIntegrationId::uuid is null or d.user_integration_id = :userIntegrationId::uuid)
              and %s
            """.formatted(
                        caller.operator()
                                ? "not exists (select from erasure e" // letters without an account, too
                                        + " where e.user_integration_id = d.user_integration_id)"
                                : "exists (select from user_integration i"
                                        + " where i.id = d.user_integration_id and " + caller.condition("i.user_id")
                                        + ")");
    }

    /** Adds the parameters of the condition to a statement. */
    StatementSpec bind(StatementSpec statement, Caller caller) {
        return statement
                .param("id", id)
                .param("fingerprint", fingerprint)
                .param("userIntegrationId", userIntegrationId)
                .params(caller.parameters());
    }
}
