package io.tributary.worker.execution;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The exchanges of refresh tokens under way, in Postgres, through functions that let a worker do no more. Each is
 * written down before the provider is asked, so that whoever comes after a crash knows that one was interrupted, and
 * held by one worker, so that one that lost its partition and does not know yet makes no second one.
 *
 * <pre>
 *   none --begin--> held --save--> none
 *                    |  \--end, provider heard---> none
 *                    |  \--end, not heard--> unanswered --begin--> held
 *                    \--lease over--> unanswered
 * </pre>
 *
 * <p>New credentials from elsewhere (the account was connected again) end one as well: then it saves nothing.
 */
final class TokenExchanges {

    /** How long one may take until it counts as interrupted: longer than a token endpoint is waited for. */
    static final Duration LEASE = Duration.ofSeconds(40);

    private final JdbcClient database;
    private final Duration lease;

    TokenExchanges(JdbcClient database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    sealed interface Begun {}

    /**
     * It is ours until it is saved or ended.
     *
     * @param config JSON object as text
     * @param sealed the credentials as they are now; null: there are none
     * @param unanswered an earlier one never got its answer
     */
    record Held(UUID holder, String config, byte @Nullable [] sealed, boolean unanswered) implements Begun {}

    /** Another worker has it, for that long at most. */
    record Busy(Duration remaining) implements Begun {}

    /** There is no such user integration. */
    record Gone() implements Begun {}

    Begun begin(UUID userIntegrationId) {
        UUID holder = UUID.randomUUID();
        return database.sql("select * from begin_token_exchange(?, ?, ?)")
                .param(userIntegrationId)
                .param(holder)
                .param(lease.toMillis())
                .query((row, number) -> row.getLong("held_millis") > 0
                        ? (Begun) new Busy(Duration.ofMillis(row.getLong("held_millis")))
                        : new Held(
                                holder,
                                row.getString("config"),
                                row.getBytes("credentials"),
                                row.getBoolean("unanswered")))
                .optional()
                .orElse(new Gone());
    }

    /**
     * Stores renewed credentials durably.
     *
     * @param refreshAt when they shall be renewed; null: nobody knows
     * @return false: it is ours no more, and nothing was stored
     */
    boolean save(UUID userIntegrationId, UUID holder, byte[] sealed, @Nullable Instant refreshAt) {
        return database.sql("select save_exchanged_tokens(:account, :holder, :sealed, :refreshAt)")
                .param("account", userIntegrationId)
                .param("holder", holder)
                .param("sealed", sealed)
                .param(
                        "refreshAt",
                        refreshAt == null ? null : refreshAt.atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .query(Boolean.class)
                .single();
    }

    /** Gives it back; {@code heard} as {@link io.tributary.worker.oauth.TokenAnswer.Unavailable#heard}. */
    void end(UUID userIntegrationId, UUID holder, boolean heard) {
        database.sql("select end_token_exchange(?, ?, ?)::text")
                .param(userIntegrationId)
                .param(holder)
                .param(heard)
                .query(String.class)
                .optional();
    }
}
