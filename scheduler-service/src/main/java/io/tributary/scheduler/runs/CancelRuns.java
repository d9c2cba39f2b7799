package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends runs before their last task. That someone asked for it stands in the run's row; the worker is told until the run
 * is over, because a command can come before the task that it is about. The worker ends the run, drops what waits, and
 * says so like at any other end: so its sums are right, and it is due again as after any run.
 */
@Component
public class CancelRuns {

    /** Runs that one purge ends at most. */
    public static final int MAX_PURGED = 10_000;

    /** Commands in one statement. */
    private static final int BATCH = 500;

    /** When a worker is told again. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private static final String CANCEL = """
        update sync_run set cancel_asked_at = :now
        where id = :id and finished_at is null and cancel_asked_at is null and %s
        """;

    // Asks for any user, or no index of live runs could be used: each of them wants its key (V17).
    private static final String PURGE = """
        update sync_run set cancel_asked_at = :now
        where id in (
          select id from sync_run
          where user_id >= '' and finished_at is null and cancel_asked_at is null and %s
            and (:userIntegrationId::uuid is null or user_integration_id = :userIntegrationId::uuid)
            and (:domain::text is null or integration_domain = :domain::text)
          order by id
          limit :max
          for no key update)
        """;

    private static final String TELL = """
        with told as (
          update sync_run set cancel_sent_at = :now
          where id in (
            select id from sync_run
            where cancel_asked_at is not null and finished_at is null and dispatched_at is not null
              and (cancel_sent_at is null or cancel_sent_at < :again)
            order by cancel_sent_at nulls first
            limit :batch
            for no key update skip locked)
          returning id, user_integration_id
        )
        insert into worker_command (user_integration_id, command, run_id, created_at)
        select user_integration_id, 'cancel_run', id, :now from told
        """;

    private static final Logger log = LoggerFactory.getLogger(CancelRuns.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final ReadRuns readRuns;
    private final CommandWorkers commandWorkers;
    private final Clock clock;

    CancelRuns(
            JdbcClient jdbc,
            TransactionOperations transaction,
            ReadRuns readRuns,
            CommandWorkers commandWorkers,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.readRuns = readRuns;
        this.commandWorkers = commandWorkers;
        this.clock = clock;
    }

    /**
     * Asks for the end of a run; one that is over stays as it is.
     *
     * @throws ApiException when there is no such run
     */
    public void cancel(UUID id, Caller caller) {
        readRuns.get(id, caller);
        transaction.executeWithoutResult(_ -> {
            jdbc.sql(CANCEL.formatted(caller.ownRows("user_id")))
                    .param("id", id)
                    .param(Caller.PARAMETER, caller.userId())
                    .param("now", SqlTime.of(clock.instant()))
                    .update();
            tellBatch();
        });
    }

    /**
     * Asks for the end of every live run of the caller, or of everyone for an operator.
     *
     * @param userIntegrationId only runs of this one; null: of all
     * @param domain only runs of this platform; null: of all
     * @return how many, {@value #MAX_PURGED} at most: then there may be more
     */
    public int purge(@Nullable UUID userIntegrationId, @Nullable String domain, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            int asked = jdbc.sql(PURGE.formatted(caller.ownRows("user_id")))
                    .param("userIntegrationId", userIntegrationId)
                    .param("domain", domain)
                    .param(Caller.PARAMETER, caller.userId())
                    .param("max", MAX_PURGED)
                    .param("now", SqlTime.of(clock.instant()))
                    .update();
            tellBatch();
            return asked;
        }));
    }

    /** Tells the workers of the runs to end that are not over yet. A failure is logged; the next call goes on. */
    public void tellWorkers() {
        try {
            while (Objects.requireNonNull(transaction.execute(_ -> tellBatch())) == BATCH
                    && !Thread.currentThread().isInterrupted()) {
                // there may be more
            }
        } catch (DataAccessException e) {
            log.warn("workers not told what to cancel, the next sweep goes on code=polling.commandsDelayed", e);
        }
    }

    private int tellBatch() {
        Instant now = clock.instant();
        int told = jdbc.sql(TELL)
                .param("now", SqlTime.of(now))
                .param("again", SqlTime.of(now.minus(AGAIN)))
                .param("batch", BATCH)
                .update();
        if (told > 0) {
            commandWorkers.sendSoon();
        }
        return told;
    }
}
