package io.tributary.scheduler.actions;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.RunError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables requested_effect, which the scheduler writes, and effect, which the sink writes. */
@Component
record EffectTable(JdbcClient jdbc) {

    /** Writers of an account's rows hold this lock, which its deletion waits for. */
    private static final String HOLD = "select id from user_integration where id = :id for key share";

    /**
     * Locks the rows of keys, new or known, in one order. It decides nothing: its snapshot is older than the end of the
     * transactions that it waited for, so it does not see their runs.
     */
    private static final String LOCK = """
        insert into requested_effect as r (user_integration_id, effect_key, action, run_id, requested_at)
        select :id, key, action, :unassigned, :now
        from unnest(:keys::text[], :actions::text[]) as given (key, action)
        order by key
        on conflict (user_integration_id, effect_key) do update set requested_at = r.requested_at
        """;

    /** A key is claimed if it is new, or if its run ended without it and without a dead letter to redrive. */
    private static final String CLAIM = """
        update requested_effect r set run_id = :unassigned, requested_at = :now
        from unnest(:keys::text[], :actions::text[]) as given (key, action)
        where r.user_integration_id = :id and r.effect_key = given.key and r.action = given.action
          and (r.run_id = :unassigned
            or not exists (
              select from effect e where e.user_integration_id = r.user_integration_id and e.effect_key = r.effect_key)
            and not exists (select from sync_run s where s.id = r.run_id and s.finished_at is null)
            and not exists (
              select from dead_letter d
              left join sync_run s on s.id = d.redriven_by_run
              where d.user_integration_id = r.user_integration_id and d.effect_key = r.effect_key
                and (d.redriven_at is null or s.finished_at is null and s.id is not null)))
        returning r.effect_key
        """;

    private static final String ASSIGN = """
        update requested_effect set run_id = :run
        where user_integration_id = :id and effect_key = any (:keys::text[])
        """;

    private static final String REQUESTED = """
        select effect_key, action, run_id from requested_effect
        where user_integration_id = :id and effect_key = any (:keys::text[])
        """;

    /** Of the run that requested it and the run that redrove its dead letter, the newer one executes it. */
    private static final String FIND = """
        select e.provider_id, e.result::text as result,
               d.error_code as letter_code, d.error_message as letter_message, d.redriven_at,
               s.id is not null and s.finished_at is null as live, s.finished_at, s.error_code, s.error_message
        from (values (:id::uuid, :key::text)) wanted (id, key)
        left join requested_effect r on r.user_integration_id = wanted.id and r.effect_key = wanted.key
        left join effect e on e.user_integration_id = wanted.id and e.effect_key = wanted.key
        left join lateral (
          select error_code, error_message, redriven_at, redriven_by_run from dead_letter
          where user_integration_id = wanted.id and effect_key = wanted.key
          order by created_at desc limit 1) d on true
        left join lateral (
          select id, finished_at, error_code, error_message from sync_run
          where id in (r.run_id, d.redriven_by_run) order by sequence desc limit 1) s on true
        where coalesce(r.run_id, e.run_id) is not null
        """;

    private static final String ACCOUNT_EXISTS = "select exists (select from user_integration where id = :id)";

    /** A requested effect with the run that executes it. */
    record Known(String action, UUID runId) {}

    /**
     * How an effect is.
     *
     * @param result JSON object as text; null: it has not happened
     * @param letter its newest dead letter that was not redriven; null: none
     * @param live whether the run that executes it is live
     * @param finishedAt when that run ended; null: it is live, or it was deleted
     * @param runError why that run failed; null: it did not
     */
    record Found(
            @Nullable String result,
            @Nullable String providerId,
            @Nullable RunError letter,
            boolean live,
            @Nullable Instant finishedAt,
            @Nullable RunError runError) {

        private static Found read(ResultSet row) throws SQLException {
            boolean open = row.getString("letter_code") != null && row.getObject("redriven_at") == null;
            return new Found(
                    row.getString("result"),
                    row.getString("provider_id"),
                    open ? RunError.of(row.getString("letter_code"), row.getString("letter_message")) : null,
                    row.getBoolean("live"),
                    SqlTime.find(row, "finished_at"),
                    RunError.of(row.getString("error_code"), row.getString("error_message")));
        }
    }

    /**
     * Claims keys that are not under way and did not happen, within the caller's transaction, which has to {@link
     * #assign} them to runs. Concurrent requests of a key wait for each other.
     *
     * @return the claimed keys; empty when the account does not exist
     */
    List<String> claim(UUID account, Collection<RequestedEffect> effects, Instant now) {
        if (jdbc.sql(HOLD).param("id", account).query(UUID.class).optional().isEmpty()) {
            return List.of();
        }
        ofKeys(LOCK, account, effects, now).update();
        return ofKeys(CLAIM, account, effects, now).query(String.class).list();
    }

    private JdbcClient.StatementSpec ofKeys(
            String sql, UUID account, Collection<RequestedEffect> effects, Instant now) {
        return jdbc.sql(sql)
                .param("id", account)
                .param("keys", effects.stream().map(RequestedEffect::key).toArray(String[]::new))
                .param("actions", effects.stream().map(RequestedEffect::action).toArray(String[]::new))
                .param("unassigned", new UUID(0, 0))
                .param("now", SqlTime.of(now));
    }

    void assign(UUID account, Collection<String> keys, UUID run) {
        jdbc.sql(ASSIGN)
                .param("id", account)
                .param("keys", keys.toArray(String[]::new))
                .param("run", run)
                .update();
    }

    /** The requested ones among the keys. */
    Map<String, Known> requested(UUID account, Collection<String> keys) {
        Map<String, Known> known = new HashMap<>();
        jdbc.sql(REQUESTED)
                .param("id", account)
                .param("keys", keys.toArray(String[]::new))
                .query(row -> {
                    known.put(
                            row.getString("effect_key"),
                            new Known(row.getString("action"), row.getObject("run_id", UUID.class)));
                });
        return known;
    }

    boolean accountExists(UUID account) {
        return jdbc.sql(ACCOUNT_EXISTS)
                .param("id", account)
                .query(Boolean.class)
                .single();
    }

    /** Empty: nobody requested it, and it did not happen. */
    Optional<Found> find(UUID account, String key) {
        return jdbc.sql(FIND)
                .param("id", account)
                .param("key", key)
                .query((row, _) -> Found.read(row))
                .optional();
    }
}
