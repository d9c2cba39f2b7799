package io.tributary.worker.execution;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The exchanges of refresh tokens in flight, in Postgres, through functions that allow a worker nothing else. Each is
 * stored before the request to the provider, so that after a crash another worker knows of the interrupted exchange.
 * One worker holds it, so that a worker that has lost its partition without noticing makes no second exchange.
 *
 * <pre>
 *   none --begin--> held --save--> none
 *                    |  \--end, provider heard---> none
 *                    |  \--end, not heard--> unanswered --begin--> held
 *                    \--lease over--> unanswered
 * </pre>
 *
 * <p>New credentials (the account was connected again) end an exchange as well: then it saves nothing.
 */
record TokenExchanges(JdbcClient database, Duration lease) {

    /** Time after which an exchange counts as interrupted; longer than a request to a token endpoint may take. */
    static final Duration LEASE = Duration.ofSeconds(40);

    sealed interface Begun {}

    /**
     * This worker holds it until it is saved or ended.
     *
     * @param config JSON object as text
     * @param sealed the present credentials; null: none
     * @param unanswered whether an earlier exchange never got its response
     */
    record Held(UUID holder, String config, byte @Nullable [] sealed, boolean unanswered) implements Begun {}

    /** Another worker holds it, for this time at most. */
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
     * @param refreshAt when to renew them; null: unknown
     * @return false: this worker no longer holds the exchange, and nothing was stored
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

    /** Ends it without new tokens; {@code heard} as {@link io.tributary.egress.TokenAnswer.Unavailable#unused}. */
    void end(UUID userIntegrationId, UUID holder, boolean heard) {
        database.sql("select end_token_exchange(?, ?, ?)::text")
                .param(userIntegrationId)
                .param(holder)
                .param(heard)
                .query(String.class)
                .optional();
    }
}
