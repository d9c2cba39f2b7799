package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes or archives rows after a time, until none is left over or {@link #LONGEST} is over; the next call goes on. It
 * goes in steps, so that no statement holds many locks. Several replicas may run it concurrently. The cost follows the
 * rows that are due: an index has them first.
 */
record PurgeOldRows(Step next, Duration keep, Clock clock) implements Runnable {

    /** Rows of one statement. */
    static final int STEP = 5_000;

    /** Deletes or archives at most {@link #STEP} rows from before a time, and returns their number. */
    interface Step {
        long rowsBefore(OffsetDateTime before);
    }

    /** Time after which a call begins no further step. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final String DELETE = """
        delete from %1$s
        where (%2$s) in (
          select %2$s from %1$s where %3$s < :before and %4$s order by %3$s limit :step for update skip locked)
        """;

    private static final String ARCHIVE_AUDIT_LOG = """
        with moved as (
          delete from audit_log where id in (select id from audit_log where at < :before order by at limit :step
            for update skip locked)
          returning id, at, user_id, org_id, operator, action, target, status, remote_address
        )
        insert into audit_log_archive (id, at, user_id, org_id, operator, action, target, status, remote_address)
        select id, at, user_id, org_id, operator, action, target, status, remote_address from moved
        """;

    // The service cannot change the archive: a function of the owner does, and keeps what is too young.
    private static final String PURGE_AUDIT_ARCHIVE = "select purge_audit_archive(:before, :step)";

    /**
     * Deletes rows of a table.
     *
     * @param key columns of the primary key
     * @param time column with the time from which a row is kept; a row without it stays
     */
    static PurgeOldRows of(String table, String key, String time, JdbcClient jdbc, Duration keep, Clock clock) {
        return new PurgeOldRows(updating(jdbc, DELETE.formatted(table, key, time, "true")), keep, clock);
    }

    /** Deletes runs with their log some time after their end; their content stays. */
    static PurgeOldRows runs(JdbcClient jdbc, Duration keep, Clock clock) {
        return of("sync_run", "id", "finished_at", jdbc, keep, clock);
    }

    /** Deletes one-off tasks some time after they were started or cancelled. */
    static PurgeOldRows oneOffTasks(JdbcClient jdbc, Duration keep, Clock clock) {
        String sql = DELETE.formatted(
                "one_off_task",
                "id",
                "greatest(run_at, cancelled_at)",
                "(run_id is not null or cancelled_at is not null)");
        return new PurgeOldRows(updating(jdbc, sql), keep, clock);
    }

    /** Deletes entries of the archive of the audit log; the last 90 days stay whatever {@code keep} is. */
    static PurgeOldRows auditArchive(JdbcClient jdbc, Duration keep, Clock clock) {
        Step next = before -> jdbc.sql(PURGE_AUDIT_ARCHIVE)
                .param("before", before)
                .param("step", STEP)
                .query(Long.class)
                .single();
        return new PurgeOldRows(next, keep, clock);
    }

    /** Moves entries of the audit log to its archive, where the service cannot change them. */
    static PurgeOldRows auditLog(JdbcClient jdbc, Duration keep, Clock clock) {
        return new PurgeOldRows(updating(jdbc, ARCHIVE_AUDIT_LOG), keep, clock);
    }

    private static Step updating(JdbcClient jdbc, String sql) {
        return before ->
                jdbc.sql(sql).param("before", before).param("step", STEP).update();
    }

    @Override
    public void run() {
        var before = SqlTime.of(clock.instant().minus(keep));
        long begin = System.nanoTime();
        long rows;
        do {
            rows = next.rowsBefore(before);
        } while (rows == STEP
                && System.nanoTime() - begin < LONGEST.toNanos()
                && !Thread.currentThread().isInterrupted());
    }
}
