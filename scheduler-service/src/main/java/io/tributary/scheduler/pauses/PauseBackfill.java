package io.tributary.scheduler.pauses;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Pauses and resumes one backfill, while its user integration goes on. Backfills of a user integration share a queue: none
 * of them goes on while one is paused. The pause ends with the run.
 */
@Component
class PauseBackfill {

    private static final String PAUSE = """
        with chosen as (
          select id, user_integration_id from sync_run
          where id = :id and trigger = 'backfill' and finished_at is null and %s
          for no key update
        ), paused as (
          insert into sync_pause (name, kind, user_integration_id, asked_by, by_operator, created_at)
          select id::text, 'backfill', user_integration_id, :caller, :operator, :now from chosen
          on conflict (name) do update set by_operator = sync_pause.by_operator or excluded.by_operator
        ), commanded as (
          insert into worker_command (user_integration_id, command, run_id, created_at)
          select user_integration_id, 'pause_run', id, :now from chosen
        )
        select count(*) from chosen
        """;

    private static final String RESUME = """
        with chosen as (
          select id, user_integration_id from sync_run r
          where id = :id and trigger = 'backfill' and finished_at is null and %s
            and (:operator or not exists (select from sync_pause p where p.name = r.id::text and p.by_operator))
          for no key update
        ), resumed as (
          delete from sync_pause p using chosen where p.name = chosen.id::text
        ), commanded as (
          insert into worker_command (user_integration_id, command, run_id, created_at)
          select user_integration_id, 'resume_run', id, :now from chosen
        )
        select count(*) from chosen
        """;

    private static final String FIND_LIVE = """
        select trigger = 'backfill' and finished_at is null from sync_run where id = :id and %s
        """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final CommandWorkers commandWorkers;
    private final Clock clock;

    PauseBackfill(JdbcClient jdbc, TransactionOperations transaction, CommandWorkers commandWorkers, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.commandWorkers = commandWorkers;
        this.clock = clock;
    }

    /** @throws ApiException when there is no such run, or it is no backfill that is under way */
    void pause(UUID run, Caller caller) {
        requireBackfill(run, caller);
        change(PAUSE, run, caller);
    }

    /** @throws ApiException as {@link #pause}, and when an operator paused it and the caller is none */
    void resume(UUID run, Caller caller) {
        requireBackfill(run, caller);
        if (change(RESUME, run, caller) == 0) {
            throw Pauses.pausedByOperator();
        }
    }

    private void requireBackfill(UUID run, Caller caller) {
        boolean live = jdbc.sql(FIND_LIVE.formatted(caller.ownRows("user_id")))
                .param("id", run)
                .param(Caller.PARAMETER, caller.userId())
                .query(Boolean.class)
                .optional()
                .orElseThrow(ApiException::notFound);
        if (!live) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "polling.notABackfill",
                    "Only a backfill that is under way can be paused by itself: pause its user integration."));
        }
    }

    private long change(String statement, UUID run, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            long changed = jdbc.sql(statement.formatted(caller.ownRows("user_id")))
                    .param("id", run)
                    .param(Caller.PARAMETER, caller.userId())
                    .param("operator", caller.operator())
                    .param("now", SqlTime.of(clock.instant()))
                    .query(Long.class)
                    .single();
            commandWorkers.sendSoon();
            return changed;
        }));
    }
}
