package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table account_flag: what is wrong with accounts now, although no run says so. A trigger of the database makes an
 * event of each flag that comes or goes.
 */
@Component
public record FlagTable(JdbcClient jdbc) {

    // Both parts see the flags as they were: a condition that still holds keeps its flag, and the time of it.
    private static final String REPLACE = """
        with found as materialized (
          %s
        ), gone as (
          delete from account_flag f
          where f.code = :code and not exists (
            select from found
            where found.user_integration_id = f.user_integration_id and found.sync_type = f.sync_type)
        )
        insert into account_flag (user_integration_id, sync_type, code, message, run_id, since)
        select user_integration_id, sync_type, :code, message, run_id, :now from found
        on conflict do nothing
        """;

    private static final String RAISE = """
        insert into account_flag (user_integration_id, sync_type, code, message, run_id, since)
        select id, :syncType, :code, :message, :runId, :now from user_integration where id = :id
        on conflict do nothing
        """;

    private static final String CLEAR = """
        delete from account_flag where user_integration_id = :id and sync_type = :syncType and code = :code
        """;

    // An account that somebody paused or that has expired says so itself.
    private static final String CLEAR_STOPPED = """
        delete from account_flag f using user_integration i
        where i.id = f.user_integration_id and i.sync_status <> 'active'
        """;

    private static final String COUNT_OF = """
        select f.code, count(*) as accounts from account_flag f
        join user_integration i on i.id = f.user_integration_id
        where %s group by f.code order by f.code
        """;

    /**
     * A flag of an account.
     *
     * @param code stable, such as {@code watchdog.cursorStands}
     * @param message for people
     * @param syncType the sync type that it is about; null: the account as a whole
     * @param runId the run that shows it; null: none
     * @param since when it was found
     */
    public record Flag(
            String code,
            String message,
            @Nullable String syncType,
            @Nullable UUID runId,
            Instant since) {}

    /** The number of accounts with a flag. */
    public record FlagCount(String code, long accounts) {}

    /**
     * Flags exactly the accounts that a query finds.
     *
     * @param query returns user_integration_id, sync_type, message and run_id; each pair of the first two once
     * @return number of new flags
     */
    public int replace(String code, String query, Map<String, ?> parameters, Instant now) {
        return jdbc.sql(REPLACE.formatted(query))
                .params(parameters)
                .param("code", code)
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Flags a sync type of an account, unless it is. */
    public int raise(UUID account, String syncType, String code, String message, UUID runId, Instant now) {
        return jdbc.sql(RAISE)
                .param("id", account)
                .param("syncType", syncType)
                .param("code", code)
                .param("message", message)
                .param("runId", runId)
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Removes a flag, if there is one. */
    public void clear(UUID account, String syncType, String code) {
        jdbc.sql(CLEAR)
                .param("id", account)
                .param("syncType", syncType)
                .param("code", code)
                .update();
    }

    /** Removes the flags of accounts that are not polled. */
    public void clearStopped() {
        jdbc.sql(CLEAR_STOPPED).update();
    }

    /** The number of flagged accounts by code; a code without flags is missing. */
    public Map<String, Long> count() {
        var counts = new HashMap<String, Long>();
        count(jdbc.sql(COUNT_OF.formatted("true"))).forEach(count -> counts.put(count.code(), count.accounts()));
        return counts;
    }

    /** The same for the accounts that a caller may see. */
    public List<FlagCount> count(Caller caller) {
        return count(caller.statement(jdbc, COUNT_OF, "i.user_id"));
    }

    private static List<FlagCount> count(JdbcClient.StatementSpec statement) {
        return statement
                .query((row, _) -> new FlagCount(row.getString("code"), row.getLong("accounts")))
                .list();
    }

    /** The flags of an account, the oldest first. */
    public List<Flag> of(UUID account) {
        return jdbc.sql("""
            select code, message, sync_type, run_id, since from account_flag
            where user_integration_id = :id order by since, code, sync_type
            """).param("id", account).query((row, _) -> flag(row)).list();
    }

    private static Flag flag(ResultSet row) throws SQLException {
        String syncType = row.getString("sync_type");
        return new Flag(
                row.getString("code"),
                row.getString("message"),
                syncType.isEmpty() ? null : syncType,
                row.getObject("run_id", UUID.class),
                SqlTime.read(row, "since"));
    }
}
