package io.tributary.worker.execution;

import io.tributary.worker.codec.Json;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads a user integration's config and credentials from Postgres, through a view that shows a worker nothing else. */
public record ReadAccount(JdbcClient database, OpenCredentials openCredentials) {

    /**
     * Reads an account; empty when the user integration was deleted.
     *
     * @throws GeneralSecurityException when the credentials do not open with the key this worker has
     * @throws org.springframework.dao.DataAccessException when the database is unavailable
     */
    Optional<Account> read(UUID userIntegrationId) throws GeneralSecurityException {
        Optional<Row> row = database.sql("select config::text, credentials from worker_user_integration where id = ?")
                .param(userIntegrationId)
                .query(Row.class)
                .optional();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        byte[] sealed = row.get().credentials();
        Map<String, String> values = sealed == null ? Map.of() : openCredentials.open(userIntegrationId, sealed);
        return Optional.of(
                Account.of(userIntegrationId, Json.readObject(row.get().config()), values, openCredentials));
    }

    /** Whether an effect is stored. */
    boolean isStored(UUID userIntegrationId, String effectKey) {
        return database.sql(
                        "select exists (select from worker_effect where user_integration_id = ? and effect_key = ?)")
                .param(userIntegrationId)
                .param(effectKey)
                .query(Boolean.class)
                .single();
    }

    private record Row(String config, byte @Nullable [] credentials) {}
}
