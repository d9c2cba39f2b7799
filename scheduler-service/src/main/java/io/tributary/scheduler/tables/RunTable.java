package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The changes of the table sync_run by the scheduler: failure and cancellation. {@code QueueRun} inserts rows, {@link
 * RunOutbox} marks dispatched ones, {@link RunQueries} reads them, and a maintenance job deletes them.
 */
@Component
public record RunTable(JdbcClient jdbc, RunOutbox outbox) {

    // The initial task, its only one, counts as failed, so that the sums of the run add up.
    private static final String FAIL = """
        update sync_run
        set status = 'failed', failed = 1, error_code = :code, error_message = :message, finished_at = :now
        where id = :id and dispatched_at is null and finished_at is null
        returning case when exclusive then sync_type end as sync_type
        """;

    // The condition on the user lets Postgres use an index of live runs: each of them begins with the user (V17).
    private static final String FLAG = """
        update sync_run set error_code = :code, error_message = :message
        where user_id >= '' and finished_at is null and started_at is null and error_code is null and dispatched_at < :before
        """;

    private static final String CANCEL = """
        update sync_run set cancel_requested_at = :now
        where id = :id and finished_at is null and cancel_requested_at is null and %s
        """;

    private static final String CANCEL_LIVE = """
        update sync_run set cancel_requested_at = :now
        where id in (
          select id from sync_run
          where user_id >= '' and finished_at is null and cancel_requested_at is null and %s
            and (:userIntegrationId::uuid is null or user_integration_id = :userIntegrationId::uuid)
            and (:domain::text is null or integration_domain = :domain::text)
          order by id
          limit :max
          for no key update)
        returning id
        """;

    private static final String COMMAND_CANCELLED = """
        with commanded as (
          update sync_run set cancel_sent_at = :now
          where id in (
            select id from sync_run
            where cancel_requested_at is not null and finished_at is null and dispatched_at is not null
              and (cancel_sent_at is null or cancel_sent_at < :again)
            order by cancel_sent_at nulls first
            limit :batch
            for no key update skip locked)
          returning id, user_integration_id
        )
        insert into worker_command (user_integration_id, command, run_id, created_at)
        select user_integration_id, 'cancel_run', id, :now from commanded
        """;

    private static final String LOCK_BACKFILL = """
        select user_integration_id from sync_run
        where id = :id and trigger = 'backfill' and finished_at is null and %s
        for no key update
        """;

    /** A run that ended before its dispatch; {@code syncType} is null if it was not exclusive. */
    public record Ended(@Nullable String syncType) {}

    /** Ends a run as failed; empty: it was dispatched or has ended. */
    public Optional<Ended> fail(UUID id, String code, String message, Instant now) {
        var ended = jdbc.sql(FAIL)
                .param("id", id)
                .param("code", code)
                .param("message", message)
                .param("now", SqlTime.of(now))
                .query((row, _) -> new Ended(row.getString("sync_type")))
                .optional();
        outbox.remove(List.of(id));
        return ended;
    }

    /**
     * Shows an error at the runs that were dispatched before a time and that no worker has started; returns their
     * number.
     */
    public int flagUntaken(String code, String message, Instant before) {
        return jdbc.sql(FLAG)
                .param("code", code)
                .param("message", message)
                .param("before", SqlTime.of(before))
                .update();
    }

    /** Requests the end of a run of the caller, if it is live. */
    public void requestCancel(UUID id, Instant now, Caller caller) {
        int cancelled = caller.statement(jdbc, CANCEL, "user_id")
                .param("id", id)
                .param("now", SqlTime.of(now))
                .update();
        if (cancelled > 0) {
            outbox.unhold(List.of(id));
        }
    }

    /**
     * Requests the end of live runs of the caller.
     *
     * @param userIntegrationId only its runs; null: all
     * @param domain only runs of this platform; null: all
     * @param max most runs
     * @return number of these runs
     */
    public int requestCancels(
            @Nullable UUID userIntegrationId, @Nullable String domain, int max, Instant now, Caller caller) {
        var cancelled = caller.statement(jdbc, CANCEL_LIVE, "user_id")
                .param("userIntegrationId", userIntegrationId)
                .param("domain", domain)
                .param("max", max)
                .param("now", SqlTime.of(now))
                .query(UUID.class)
                .list();
        outbox.unhold(cancelled);
        return cancelled.size();
    }

    /**
     * Queues a command to the worker for runs to cancel that are dispatched and live.
     *
     * @param again runs whose last command is older get another one
     * @param batch most runs
     * @return number of commands
     */
    public int commandCancelled(Instant now, Instant again, int batch) {
        return jdbc.sql(COMMAND_CANCELLED)
                .param("now", SqlTime.of(now))
                .param("again", SqlTime.of(again))
                .param("batch", batch)
                .update();
    }

    /** Locks a live backfill of the caller until the end of the transaction; returns its user integration. */
    public Optional<UUID> lockBackfill(UUID id, Caller caller) {
        return caller.statement(jdbc, LOCK_BACKFILL, "user_id")
                .param("id", id)
                .query(UUID.class)
                .optional();
    }
}
