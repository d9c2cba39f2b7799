package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The statements of sync_run about live runs that nobody works on.
 *
 * <p>A worker reports a run when it begins it, and again when none of its tasks has ended for the worker's progress
 * deadline, whatever the reason. All records of an account take the same way: one partition of each topic, one worker,
 * one sink, in order. So if a later run of the account was reported when the earlier one should have been, no worker
 * knows the earlier one any more, or the sink passes over its reports.
 */
@Component
public record LostRuns(JdbcClient jdbc) {

    /** Error of a run that its worker knows, and that waits. */
    private static final String STALLED = "polling.runStalled";

    /** Time in which a report that left the worker with another one arrives. */
    private static final Duration ARRIVAL = Duration.ofMinutes(1);

    private static final String SILENT = """
        r.user_id >= '' and r.finished_at is null and r.dispatched_at is not null
            and coalesce(r.progress_at, r.dispatched_at) < :silent and r.error_code is distinct from '%s'
        """.formatted(STALLED);

    // The condition on the user lets Postgres use an index of live runs: each of them begins with the user (V17).
    private static final String FIND = """
        select r.id, r.user_integration_id, r.dispatched_at < :expired as expired
        from sync_run r
        where r.user_id >= '' and r.finished_at is null and r.dispatched_at < :expired
           or %s
              and (exists (
                     select from sync_run later
                     where later.user_integration_id = r.user_integration_id and later.sequence > r.sequence
                       and later.progress_at < :arrived
                       and later.progress_at > coalesce(r.progress_at, r.dispatched_at) + :silence * interval '1 second')
                   or r.started_at is null and exists (
                     select from dead_letter d
                     where d.user_integration_id = r.user_integration_id and d.created_at >= r.dispatched_at
                       and d.error_code = 'polling.taskUnreadable'))
        order by r.dispatched_at
        limit :most
        """.formatted(SILENT);

    // The check of an account's health is a later run of it.
    private static final String PROBE = """
        update user_integration i set health_due_at = :now
        from sync_run r
        where r.user_integration_id = i.id and i.sync_status = 'active' and i.health_due_at > :now and %s
          and not exists (
            select from sync_run later
            where later.user_integration_id = r.user_integration_id and later.sequence > r.sequence
              and later.created_at > coalesce(r.progress_at, r.dispatched_at) + :silence * interval '1 second')
        """.formatted(SILENT);

    // All pending tasks count as failed, so that the sums of the run add up. Outputs that were reported and never saved
    // stay missing: the proof of the run shows them.
    private static final String END = """
        with ended as (
          update sync_run
          set status = :status, failed = greatest(failed, spawned + 1 - completed), executing = 0,
              outputs = greatest(outputs, outputs_saved + outputs_dead_lettered), throttled_until = null,
              throttled_reason = null, waits_for = null, waits_until = null, error_code = :code, error_message = :message,
              finished_at = :now
          where id = :id and finished_at is null
          returning id, user_integration_id, sync_type, exclusive
        ), commanded as (
          insert into worker_command (user_integration_id, command, run_id, created_at)
          select user_integration_id, 'cancel_run', id, :now from ended
        )
        select sync_type, exclusive from ended
        """;

    /** A run to end: whether it is older than any run may be. */
    public record Lost(UUID id, UUID userIntegrationId, boolean expired) {}

    /** A run that was ended; {@code syncType} is null if it was not exclusive. */
    public record Ended(@Nullable String syncType) {}

    /**
     * Runs that nobody works on, the oldest first.
     *
     * @param silence time without a report that a worker's knowledge of a run excludes
     * @param lifetime longest time of a run since its dispatch
     */
    public List<Lost> find(Instant now, Duration silence, Duration lifetime, int most) {
        return jdbc.sql(FIND)
                .param("silent", SqlTime.of(now.minus(silence)))
                .param("silence", silence.toSeconds())
                .param("arrived", SqlTime.of(now.minus(ARRIVAL)))
                .param("expired", SqlTime.of(now.minus(lifetime)))
                .param("most", most)
                .query(Lost.class)
                .list();
    }

    /** Makes the health check due for each account with a silent run, so that its report shows whether that is lost. */
    public int probe(Instant now, Duration silence) {
        return jdbc.sql(PROBE)
                .param("now", SqlTime.of(now))
                .param("silent", SqlTime.of(now.minus(silence)))
                .param("silence", silence.toSeconds())
                .update();
    }

    /** Ends a run, and commands its worker to drop it in case one knows it; empty: it has ended. */
    public Optional<Ended> end(UUID id, String status, String code, String message, Instant now) {
        return jdbc.sql(END)
                .param("id", id)
                .param("status", status)
                .param("code", code)
                .param("message", message)
                .param("now", SqlTime.of(now))
                .query((row, _) -> new Ended(row.getBoolean("exclusive") ? row.getString("sync_type") : null))
                .optional();
    }
}
