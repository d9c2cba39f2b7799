package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.polling.Outbox;
import io.tributary.schemas.ConnectAccount;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Starts a system run for each account that was connected or changed, which asks the provider whose it is. Safe with
 * several replicas. One that changes while such a run is under way gets another run when that one has ended: the first
 * may have asked with what is gone.
 */
@Component
public class AskWhoseAccounts {

    /** Accounts that one statement picks. */
    private static final int BATCH = 200;

    private static final String START = """
        with due as (
          select i.id from user_integration i
          where i.sync_status = 'active' and i.connect_due_at <= :now
            and not exists (
              select from sync_run r
              where r.user_integration_id = i.id and r.sync_type = :syncType and r.finished_at is null)
          order by i.connect_due_at
          limit :batch
          for no key update skip locked
        ), taken as (
          update user_integration i set connect_due_at = null
          from due where i.id = due.id
          returning i.id, i.user_id, i.integration_domain
        ), queued as (
          insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, initial_task_type,
                                created_at)
          select id, user_id, integration_domain, :syncType, 'system', :taskType, :now from taken
          on conflict do nothing
        )
        select count(*) from taken
        """;

    private static final Logger log = LoggerFactory.getLogger(AskWhoseAccounts.class);

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final Clock clock;

    AskWhoseAccounts(JdbcClient jdbc, Outbox outbox, Clock clock) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Starts what is due, on the timer's thread. A failure is logged; the next call goes on. */
    public void run() {
        try {
            int started;
            do {
                started = start();
                if (started > 0) {
                    outbox.dispatchSoon();
                }
            } while (started == BATCH);
        } catch (DataAccessException e) {
            log.warn("accounts not asked whose they are, the next sweep goes on code=polling.cycleFailed", e);
        }
    }

    private int start() {
        return jdbc.sql(START)
                .param("now", SqlTime.of(clock.instant()))
                .param("batch", BATCH)
                .param("syncType", ConnectAccount.SYNC_TYPE)
                .param("taskType", ConnectAccount.TASK_TYPE)
                .query(Integer.class)
                .single();
    }
}
