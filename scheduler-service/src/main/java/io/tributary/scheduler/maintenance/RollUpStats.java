package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.tables.SystemRuns;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sums finished runs by integration and five minutes, in {@code sync_stats}. It starts ten minutes before the newest
 * bucket and replaces whole buckets: running it twice changes nothing, and after a pause it catches up. It does not
 * count a run whose end arrives later than that, nor a system run, which syncs nothing.
 */
record RollUpStats(JdbcClient jdbc) implements Runnable {

    private static final String ROLL_UP = """
        insert into sync_stats (integration_domain, bucket, runs, succeeded, tasks_completed, tasks_failed, outputs,
                                run_seconds)
        select integration_domain, date_bin('5 minutes', finished_at, 'epoch'), count(*),
               count(*) filter (where status = 'succeeded'), sum(completed), sum(failed), sum(outputs),
               coalesce(sum(extract(epoch from finished_at - started_at)) filter (where started_at <= finished_at), 0)
        from sync_run
        where %s
          and finished_at >= (select coalesce(max(bucket) - interval '10 minutes', '-infinity') from sync_stats)
        group by 1, 2
        on conflict (integration_domain, bucket) do update
        set runs = excluded.runs, succeeded = excluded.succeeded, tasks_completed = excluded.tasks_completed,
            tasks_failed = excluded.tasks_failed, outputs = excluded.outputs, run_seconds = excluded.run_seconds
        """.formatted(SystemRuns.REQUESTED);

    @Override
    public void run() {
        jdbc.sql(ROLL_UP).update();
    }
}
