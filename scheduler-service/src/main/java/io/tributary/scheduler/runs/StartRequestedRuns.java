package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.runs.RunTasksAgain.Again;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Queues the runs that other services requested: the sink's replay of tasks writes requested_run. A request is deleted
 * in the transaction that queues its run, and replicas skip each other's: so each task is executed again once.
 */
@Component
public record StartRequestedRuns(JdbcClient jdbc, RunTasksAgain runTasksAgain, StartRuns startRuns) {

    /** Most tasks of one transaction. */
    private static final int BATCH = 1_000;

    private static final String TAKE = """
        with taken as (
          delete from requested_run
          where id in (select id from requested_run order by id limit :batch for update skip locked)
          returning *
        )
        select t.id, t.sync_type, t.options::text as options, t.task_type, t.payload::text as payload,
               i.id as user_integration_id, i.user_id, i.integration_domain
        from taken t
        join user_integration i on i.id = t.user_integration_id
        order by t.id
        """;

    /** Queues the requested runs, on the timer's thread. */
    public void run() {
        startRuns.inBatches("polling.cycleFailed", this::queueBatch);
    }

    private Collection<UUID> queueBatch(Instant now) {
        var tasks = jdbc.sql(TAKE)
                .param("batch", BATCH)
                .query((row, _) -> task(row))
                .list();
        return runTasksAgain.queue(tasks, now).keySet();
    }

    private static Again<Long> task(ResultSet row) throws SQLException {
        return new Again<>(
                row.getLong("id"),
                Account.read(row, "user_integration_id"),
                row.getString("sync_type"),
                row.getString("options"),
                row.getString("task_type"),
                row.getString("payload"));
    }
}
