package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Queues the commands of pauses again, for workers that missed them: while they were down for longer than the topic
 * keeps commands, or since their offsets were lost. Only a run that a worker has can go on in spite of a pause, and
 * none begins during one. So each pause is looked at once after a while, and then again as long as there is such a run.
 */
@Component
public record PauseConfirmations(JdbcClient jdbc) {

    /** From the pause to the first look, and from one look to the next; the column has it as its default. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    /** Pauses of one statement. */
    public static final int BATCH = 500;

    // Each locks what a resume locks first: its command always follows this one.
    static final String CONFIRM_ACCOUNTS = """
        with due as (
          select p.name, i.id, null::uuid as run_id, exists (
                   select from sync_run r where r.user_integration_id = i.id and r.finished_at is null
                     and r.dispatched_at is not null) as is_live
          from sync_pause p join user_integration i on i.id = p.user_integration_id
          where p.confirm_at <= :now and p.user_integration_id is not null and p.kind = 'user_integration'
          order by p.confirm_at limit :batch
          for no key update of p, i skip locked
        ), %s
        """;

    static final String CONFIRM_BACKFILLS = """
        with due as (
          select p.name, r.user_integration_id as id, r.id as run_id,
                 r.finished_at is null and r.dispatched_at is not null as is_live
          from sync_pause p join sync_run r on r.id = p.name::uuid
          where p.confirm_at <= :now and p.user_integration_id is not null and p.kind = 'backfill'
          order by p.confirm_at limit :batch
          for no key update of p, r skip locked
        ), %s
        """;

    private static final String QUEUE = """
        confirmed as (
          update sync_pause p set confirm_at = case when due.is_live then :next::timestamptz end
          from due where p.name = due.name
        ), commanded as (
          insert into worker_command (user_integration_id, command, run_id, created_at)
          select id, :command, run_id, :now from due where is_live
        )
        select count(*) from due
        """;

    /** Looks at the pauses that are due, accounts and backfills; true: there may be more. */
    public boolean confirm(Instant now) {
        long accounts = confirm(CONFIRM_ACCOUNTS, "pause", now);
        long backfills = confirm(CONFIRM_BACKFILLS, "pause_run", now);
        return Math.max(accounts, backfills) == BATCH;
    }

    private long confirm(String due, String command, Instant now) {
        return jdbc.sql(due.formatted(QUEUE))
                .param("now", SqlTime.of(now))
                .param("next", SqlTime.of(now.plus(EVERY)))
                .param("batch", BATCH)
                .param("command", command)
                .query(Long.class)
                .single();
    }
}
