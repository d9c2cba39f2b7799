package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.worker.Json;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads a user integration's config and credentials from Postgres, through the view that shows a worker no more. */
public final class ReadAccount {

    private final JdbcClient database;
    private final OpenCredentials openCredentials;

    public ReadAccount(JdbcClient database, OpenCredentials openCredentials) {
        this.database = database;
        this.openCredentials = openCredentials;
    }

    /**
     * Reads an account; empty when the user integration is gone.
     *
     * @throws GeneralSecurityException when the credentials do not open with the key this worker has
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked now
     */
    Optional<Account> read(UUID userIntegrationId) throws GeneralSecurityException {
        Optional<Row> row = database.sql("select config, credentials from worker_user_integration where id = ?")
                .param(userIntegrationId)
                .query((result, number) -> new Row(result.getString("config"), result.getBytes("credentials")))
                .optional();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        byte[] sealed = row.get().credentials();
        var credentials = sealed == null ? Credentials.none() : openCredentials.open(userIntegrationId, sealed);
        return Optional.of(new Account(Json.readObject(row.get().config()), credentials));
    }

    private record Row(String config, byte @Nullable [] credentials) {}
}
