package io.tributary.scheduler.tables;

import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * The table run_outbox: runs whose initial task is not on the topic yet. A trigger adds each queued run.
 *
 * <pre>
 *   waiting --claim--> claimed (by one scheduler, until a time) --dispatched--> (no row)
 *   waiting --claim: it is paused--> held, until its pause has ended or its cancellation is requested
 *                       claimed --release, or the time is over--> waiting
 * </pre>
 *
 * Nothing is locked while a task is published. A statement that locks rows of both tables locks those of sync_run
 * first.
 */
@Component
public record RunOutbox(JdbcClient jdbc) {

    /** Pauses whose runs one statement releases. */
    private static final int PAUSES = 100;

    // Finds each row by its key and locks it before the next one, whatever the planner assumes about the tables: an
    // outbox may be empty or full, and Postgres keeps the plan. The lock of the pause makes its end wait, so that the
    // end always finds the runs that it holds. A run to cancel is dispatched even if it is paused: the worker ends it.
    private static final String CLAIM = """
        with looked as materialized (
          select run.*, run.dispatched_at is not null or run.finished_at is not null as over, pause.name as pause
          from %s
          left join lateral (
            %s) pause on run.cancel_requested_at is null
          where %s (o.claimed_until is null or o.claimed_until <= :now)
          %s
          for update of o skip locked
        ), over as (
          delete from run_outbox where sequence = any (array (select sequence from looked where over))
        ), changed as (
          update run_outbox o
          set held_by = looked.pause, claimed_until = case when looked.pause is null then :until::timestamptz end
          from looked where o.sequence = looked.sequence and not looked.over
        )
        select r.id, r.sequence, r.user_integration_id, r.user_id, r.org_id, r.integration_domain, r.sync_type, r.trigger,
               i.created_at as connected_at,
               r.options::text as options, r.created_at, r.initial_task_type, r.initial_payload::text as initial_payload,
               r.traceparent,
               -- a backfill is concurrent with the live runs, and has its own state
               case when r.trigger = 'backfill' then '{}'
                    when r.exclusive then coalesce(s.sync_state::text, '{}')
                    else coalesce(s.sync_state, i.sync_state)::text end as sync_state,
               not over and pause is null as claimed
        from looked r
        join user_integration i on i.id = r.user_integration_id
        left join sync_schedule s on s.user_integration_id = r.user_integration_id and s.sync_type = r.sync_type
        order by r.sequence
        """;

    private static final String PAUSE =
            PauseTable.locked("run.integration_domain", "run.user_integration_id::text", "run.id::text");

    private static final String CLAIM_OLDEST = CLAIM.formatted(
            "run_outbox o cross join lateral (select r.* from sync_run r where r.sequence = o.sequence) run",
            PAUSE,
            "o.held_by is null and",
            "order by o.sequence limit :batch");

    private static final String CLAIM_THESE = CLAIM.formatted("""
        unnest(:ids::uuid[]) as these (id)
                  cross join lateral (select r.* from sync_run r where r.id = these.id) run
                  join run_outbox o on o.sequence = run.sequence\
        """, PAUSE, "", "");

    // Sinks lock runs in the order of their ids as well.
    private static final String MARK = """
        update sync_run set dispatched_at = :now
        where id in (
          select id from sync_run where id = any (:ids::uuid[]) and dispatched_at is null order by id for no key update)
        """;

    private static final String OF = "sequence in (select sequence from sync_run where id = any (:ids::uuid[]))";

    private static final String RELEASE = "update run_outbox set claimed_until = null where " + OF;

    private static final String UNHOLD = "update run_outbox set held_by = null where " + OF;

    private static final String DELETE = "delete from run_outbox where " + OF;

    private static final String LOCK_ENDED =
            "select name from ended_pause order by name limit :limit for update skip locked";

    private static final String RELEASE_HELD = """
        update run_outbox set held_by = null
        where sequence in (
          select sequence from run_outbox where held_by = any (:names::text[]) limit :batch for update)
        """;

    /**
     * Claimed runs, the oldest first.
     *
     * @param lookedAt number of rows that were looked at: claimed, held or gone; a full batch means that there may be
     *     more
     */
    public record Claim<T>(List<T> runs, int lookedAt) {}

    /**
     * Claims the runs that have waited longest, and holds paused ones.
     *
     * @param batch most runs to look at
     * @param until time at which another scheduler may claim them, if they are still in the outbox
     * @param row reads a run and its sync state
     */
    public <T> Claim<T> claimOldest(int batch, Instant now, Instant until, RowMapper<T> row) {
        return claim(jdbc.sql(CLAIM_OLDEST).param("batch", batch), now, until, row);
    }

    /** Claims the given runs; see {@link #claimOldest}. */
    public <T> Claim<T> claim(Collection<UUID> runs, Instant now, Instant until, RowMapper<T> row) {
        return claim(jdbc.sql(CLAIM_THESE).param("ids", texts(runs)), now, until, row);
    }

    private <T> Claim<T> claim(StatementSpec statement, Instant now, Instant until, RowMapper<T> row) {
        ByIndex.prefer(jdbc);
        return statement
                .param("now", SqlTime.of(now))
                .param("until", SqlTime.of(until))
                .query((ResultSetExtractor<Claim<T>>) rows -> {
                    var claimed = new ArrayList<T>();
                    int lookedAt = 0;
                    while (rows.next()) {
                        if (rows.getBoolean("claimed")) {
                            claimed.add(row.mapRow(rows, lookedAt));
                        }
                        lookedAt++;
                    }
                    return new Claim<>(claimed, lookedAt);
                });
    }

    /** Marks runs whose task is on the topic as dispatched, and removes them. */
    public void dispatched(Collection<UUID> runs, Instant now) {
        jdbc.sql(MARK).param("ids", texts(runs)).param("now", SqlTime.of(now)).update();
        remove(runs);
    }

    /** Makes claimed runs wait again. */
    public void release(Collection<UUID> runs) {
        jdbc.sql(RELEASE).param("ids", texts(runs)).update();
    }

    /** Makes held runs wait again, whatever pause holds them. */
    void unhold(Collection<UUID> runs) {
        jdbc.sql(UNHOLD).param("ids", texts(runs)).update();
    }

    /** Removes runs that have ended. */
    void remove(Collection<UUID> runs) {
        jdbc.sql(DELETE).param("ids", texts(runs)).update();
    }

    /**
     * Makes runs wait again whose pause has ended, in the caller's transaction.
     *
     * @param batch most runs
     * @return number of runs; a full batch means that there may be more
     */
    public int releaseHeld(int batch) {
        var names = jdbc.sql(LOCK_ENDED)
                .param("limit", PAUSES)
                .query(String.class)
                .list()
                .toArray(String[]::new);
        if (names.length == 0) {
            return 0;
        }
        int released = jdbc.sql(RELEASE_HELD)
                .param("names", names)
                .param("batch", batch)
                .update();
        if (released < batch) {
            jdbc.sql("delete from ended_pause where name = any (:names::text[])")
                    .param("names", names)
                    .update();
        }
        return released;
    }

    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
