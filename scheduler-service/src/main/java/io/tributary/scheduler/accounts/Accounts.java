package io.tributary.scheduler.accounts;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.SyncStatus;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Finds the user integrations that the caller may access. */
@Component
public record Accounts(JdbcClient jdbc, TransactionOperations transaction) {

    private static final String FIND = """
        select id, user_id, integration_domain, sync_status, error_code, error_message, version
        from user_integration
        where id = :id and %s
        """;

    /**
     * The state before a change.
     *
     * @param version counts the changes by the API
     */
    public record State(
            Account account,
            SyncStatus status,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            long version) {}

    /**
     * Changes a user integration that is locked, within a transaction.
     *
     * @throws ApiException when it belongs to another user, or has another version than the request expects
     */
    public <T> T change(UUID id, IfMatch ifMatch, Caller caller, Function<State, T> change) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            State state = lock(id, caller);
            ifMatch.require(state.version());
            return change.apply(state);
        }));
    }

    /** Whether there is such a user integration that the caller may access. */
    public boolean exists(UUID id, Caller caller) {
        return caller.statement(jdbc, "select exists (select from user_integration where id = :id and %s)", "user_id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** @throws ApiException as {@link #require} */
    public State find(UUID id, Caller caller) {
        return find(FIND, id, caller);
    }

    /** Whether credentials are stored for a user integration. */
    public boolean hasCredentials(UUID id) {
        return jdbc.sql("select credentials is not null from user_integration where id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** @throws ApiException when there is no such user integration, or it belongs to another user */
    public Account require(UUID id, Caller caller) {
        return find(FIND, id, caller).account();
    }

    /**
     * Locks it until the end of the transaction: changes and triggers of one user integration wait for each other, the
     * polling cycle skips it, and rows that refer to it can still be written.
     *
     * @throws ApiException as {@link #require}
     */
    public State lock(UUID id, Caller caller) {
        return find(FIND + " for no key update", id, caller);
    }

    private State find(String sql, UUID id, Caller caller) {
        return caller.statement(jdbc, sql, "user_id")
                .param("id", id)
                .query((row, _) -> new State(
                        Account.read(row),
                        SyncStatus.valueOf(row.getString("sync_status")),
                        row.getString("error_code"),
                        row.getString("error_message"),
                        row.getLong("version")))
                .optional()
                .orElseThrow(ApiException::notFound);
    }
}
