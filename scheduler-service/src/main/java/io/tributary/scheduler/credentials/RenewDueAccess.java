package io.tributary.scheduler.credentials;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.polling.Outbox;
import io.tributary.schemas.RefreshAccess;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Starts a system run for each account whose access token expires in 5 minutes: the worker that owns the account renews
 * it. Safe with several replicas; picks each account once, because the time is cleared until the worker sets the next.
 */
public final class RenewDueAccess {

    /** Accounts that one statement picks. */
    static final int BATCH = 500;

    /** Batches of a call at most; what is left is due at the next one. */
    static final int MAX_BATCHES = 1_000;

    private static final String PICK = """
        with due as (
          select id from user_integration
          where sync_status = 'active' and access_refresh_at <= :now
          order by access_refresh_at
          limit :batch
          for no key update skip locked
        ), taken as (
          update user_integration i set access_refresh_at = null
          from due where i.id = due.id
          returning i.id, i.user_id, i.integration_domain
        ), queued as (
          insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, initial_task_type)
          select id, user_id, integration_domain, :syncType, 'system', :taskType from taken
          on conflict do nothing
        )
        select count(*) from taken
        """;

    private static final Logger log = LoggerFactory.getLogger(RenewDueAccess.class);

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final Clock clock;

    public RenewDueAccess(JdbcClient jdbc, Outbox outbox, Clock clock) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Picks all that is due, on the timer's thread. A failure is logged and left to the next call. */
    public void run() {
        try {
            for (int batch = 0; batch < MAX_BATCHES && pick() > 0; batch++) {
                outbox.dispatchSoon();
            }
        } catch (DataAccessException e) {
            log.warn("renewal of access ended early, the next one goes on code=polling.renewalFailed", e);
        }
    }

    private int pick() {
        return jdbc.sql(PICK)
                .param("now", SqlTime.of(clock.instant()))
                .param("batch", BATCH)
                .param("syncType", RefreshAccess.SYNC_TYPE)
                .param("taskType", RefreshAccess.TASK_TYPE)
                .query(Integer.class)
                .single();
    }
}
