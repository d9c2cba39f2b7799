package io.tributary.scheduler.sync;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.polling.Outbox;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives the one-off tasks that are due a run each, in one statement. The run has the id of its one-off task, so that the
 * two can never be confused; replicas skip what another one is at.
 */
@Component
class StartOneOffs {

    /** One-off tasks that one statement starts. */
    private static final int BATCH = 200;

    private static final String START = """
        with due as (
          select o.id, o.user_integration_id, o.user_id, o.integration_domain, o.task_type, o.payload
          from one_off_task o
          where o.run_id is null and o.cancelled_at is null and o.run_at <= :now
            and not exists (
              select from sync_run r
              where r.user_integration_id = o.user_integration_id and r.sync_type = '%1$s' and r.finished_at is null)
            and not exists (
              select from sync_pause p
              where p.name in ('all', o.integration_domain, o.user_integration_id::text))
          order by o.run_at, o.created_at, o.id
          limit :batch
          for update skip locked
        ), queued as (
          insert into sync_run (id, user_integration_id, user_id, integration_domain, sync_type, trigger,
                                initial_task_type, initial_payload, created_at)
          select id, user_integration_id, user_id, integration_domain, '%1$s', 'system', task_type, payload, :now
          from due
          -- two of one user integration: the second one waits for the first
          on conflict do nothing
          returning id
        )
        update one_off_task o set run_id = o.id from queued where o.id = queued.id
        returning o.id
        """.formatted(OneOffTasks.SYNC_TYPE);

    private static final Logger log = LoggerFactory.getLogger(StartOneOffs.class);

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final Clock clock;

    StartOneOffs(JdbcClient jdbc, Outbox outbox, Clock clock) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Starts what is due. A failure is logged; the next call goes on. */
    void run() {
        try {
            List<UUID> started;
            do {
                started = jdbc.sql(START)
                        .param("now", SqlTime.of(clock.instant()))
                        .param("batch", BATCH)
                        .query(UUID.class)
                        .list();
                if (!started.isEmpty()) {
                    outbox.dispatchSoon(started);
                }
            } while (started.size() == BATCH);
        } catch (DataAccessException e) {
            log.warn("one-off tasks not started, the next sweep goes on code=polling.cycleFailed", e);
        }
    }
}
