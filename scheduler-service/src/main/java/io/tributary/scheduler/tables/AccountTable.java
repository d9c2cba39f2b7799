package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.SyncStatus;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The changes of the table user_integration by steps of the engine. {@code UserIntegrationTable} has those of the API,
 * {@link PauseTable} those of pauses.
 */
@Component
public record AccountTable(JdbcClient jdbc) {

    private static final String LOCK = "select sync_status from user_integration where id = :id for no key update";

    private static final String SHOW_ERROR = """
        update user_integration set error_code = :code, error_message = :message where id = :id
        """;

    private static final String CONNECT = """
        update user_integration
        set credentials = :credentials, access_refresh_at = :refreshAt, sync_status = 'active', next_sync_at = :now,
            error_code = null, error_message = null, updated_at = :now, version = version + 1,
            access_changed_at = :now, identify_due_at = case when :identify then :now end,
            account_id = null, account_name = null
        where id = :id
        """;

    private static final String TAKE_TO_IDENTIFY = """
        with %s, due as (
          select i.id from due_domain cross join lateral (
            select id from user_integration i
            where integration_domain = domain and sync_status = 'active' and identify_due_at <= :now
              and not exists (%s)
            order by identify_due_at
            limit :batch
            for no key update skip locked) i
          limit :batch
        )
        update user_integration i set identify_due_at = null
        from due where i.id = due.id
        returning i.id, i.user_id, i.integration_domain
        """.formatted(
            PauseTable.dueDomains(
                    "user_integration", "identify_due_at", "sync_status = 'active' and identify_due_at is not null"),
            RunQueries.LIVE_OF_TYPE.formatted("i.id"));

    private static final String TAKE_TO_RENEW = """
        with %s, due as (
          select i.id from due_domain cross join lateral (
            select id from user_integration
            where integration_domain = domain and sync_status = 'active' and access_refresh_at <= :now
            order by access_refresh_at
            limit :batch
            for no key update skip locked) i
          limit :batch
        )
        update user_integration i set access_refresh_at = null
        from due where i.id = due.id
        returning i.id, i.user_id, i.integration_domain
        """.formatted(PauseTable.dueDomains(
            "user_integration", "access_refresh_at", "sync_status = 'active' and access_refresh_at is not null"));

    /**
     * Locks an account until the end of the transaction, as {@code Accounts.lock} does for a caller. Lock it before its
     * runs, as a sink and a deletion do.
     *
     * @return its status; empty: it was deleted, and its runs with it
     */
    public Optional<SyncStatus> lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query(SyncStatus.class).optional();
    }

    /** Shows an error at an account until a run of it succeeds. */
    public void showError(UUID id, String code, String message) {
        jdbc.sql(SHOW_ERROR)
                .param("code", code)
                .param("message", message)
                .param("id", id)
                .update();
    }

    /** Locks an account against every other use, also against rows that refer to it, until the transaction ends. */
    public void lockFully(UUID id) {
        jdbc.sql("select 1 from user_integration where id = :id for update")
                .param("id", id)
                .query(Integer.class)
                .optional();
    }

    /**
     * Stores new credentials and makes the account active and due.
     *
     * @param credentials sealed; null: none
     * @param refreshAt when to renew them; null: never
     * @param identify whether a system run identifies the account afterwards
     * @return whether there is such an account
     */
    public boolean connect(
            UUID id, byte @Nullable [] credentials, @Nullable Instant refreshAt, boolean identify, Instant now) {
        return jdbc.sql(CONNECT)
                        .param("id", id)
                        .param("credentials", credentials, Types.BINARY)
                        .param(
                                "refreshAt",
                                refreshAt == null ? null : SqlTime.of(refreshAt),
                                Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("identify", identify)
                        .param("now", SqlTime.of(now), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update()
                == 1;
    }

    /**
     * Takes accounts that were connected or changed and that no system run identifies at present, and clears their
     * mark.
     *
     * @param batch most accounts
     */
    public List<Account> takeToIdentify(Instant now, int batch) {
        return jdbc.sql(TAKE_TO_IDENTIFY)
                .param("now", SqlTime.of(now))
                .param("batch", batch)
                .param("syncType", ConnectAccount.SYNC_TYPE)
                .query((row, _) -> Account.read(row))
                .list();
    }

    /** Notes that a run identifies the account with its present credentials, so that no other run has to. */
    public void clearIdentify(UUID id) {
        jdbc.sql("update user_integration set identify_due_at = null where id = :id")
                .param("id", id)
                .update();
    }

    /**
     * Takes accounts whose access token has to be renewed, and clears the time, which the worker sets again.
     *
     * @param batch most accounts
     */
    public List<Account> takeToRenew(Instant now, int batch) {
        return jdbc.sql(TAKE_TO_RENEW)
                .param("now", SqlTime.of(now))
                .param("batch", batch)
                .query((row, _) -> Account.read(row))
                .list();
    }

    /**
     * Marks the content that an account has at a time for removal.
     *
     * @return whether there is such an account
     */
    public boolean purgeBefore(UUID id, Instant time) {
        return jdbc.sql("update user_integration set purge_before = :time where id = :id")
                        .param("time", SqlTime.of(time))
                        .param("id", id)
                        .update()
                == 1;
    }
}
