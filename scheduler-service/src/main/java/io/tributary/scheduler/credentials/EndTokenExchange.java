package io.tributary.scheduler.credentials;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ends the exchange of a refresh token that a worker may have under way: its result belongs to the earlier credentials
 * and must not replace the new ones.
 */
public final class EndTokenExchange {

    private EndTokenExchange() {}

    /** Call it in the transaction that replaces the credentials, with the user integration locked. */
    public static void of(UUID userIntegrationId, JdbcClient jdbc) {
        jdbc.sql("delete from token_exchange where user_integration_id = :id")
                .param("id", userIntegrationId)
                .update();
    }
}
