package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Runs the jobs that are due and that no other replica runs.
 *
 * <pre>
 *   waiting --next_at--> locked (by one replica, until locked_until) --succeeded or failed--> waiting
 *                        locked --locked_until: its replica died or hangs--> another replica may lock it
 * </pre>
 */
@Component
public final class RunMaintenanceJobs {

    /** Longest part of an error that is stored, characters. */
    private static final int MAX_ERROR = 1000;

    private static final String REGISTER = """
        insert into scheduler_maintenance (name, next_at) values (:name, :now) on conflict do nothing
        """;

    private static final String LOCK = """
        update scheduler_maintenance
        set locked_by = :me, locked_until = :until, last_started_at = :now
        where name = :name and next_at <= :now and (locked_until is null or locked_until <= :now)
        """;

    private static final String RELEASE = """
        update scheduler_maintenance
        set locked_by = null, locked_until = null, next_at = :next, last_finished_at = :now,
            last_duration_ms = :millis, last_error = :error
        where name = :name and locked_by = :me
        """;

    private static final Logger log = LoggerFactory.getLogger(RunMaintenanceJobs.class);

    private final UUID me = UUID.randomUUID();
    private final List<MaintenanceJob> jobs;
    private final JdbcClient jdbc;
    private final Clock clock;

    public RunMaintenanceJobs(List<MaintenanceJob> jobs, JdbcClient jdbc, Clock clock) {
        this.jobs = List.copyOf(jobs);
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Runs each job that is due, one after the other. On a timer's thread.
     *
     * @return how many ran
     */
    public int run() {
        int done = 0;
        try {
            for (MaintenanceJob job : jobs) {
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                Instant now = clock.instant();
                if (lock(job, now)) {
                    perform(job, now);
                    done++;
                }
            }
        } catch (DataAccessException e) {
            log.warn("maintenance.failed: maintenance ended early, the next call goes on", e);
        }
        return done;
    }

    private boolean lock(MaintenanceJob job, Instant now) {
        if (statement(LOCK, job, now)
                        .param("me", me)
                        .param("until", SqlTime.of(now.plus(job.atMost())))
                        .update()
                == 1) {
            return true;
        }
        // A new job has no row yet.
        return statement(REGISTER, job, now).update() == 1 && lock(job, now);
    }

    private void perform(MaintenanceJob job, Instant start) {
        String error = null;
        try {
            job.work().run();
        } catch (RuntimeException e) {
            log.error(
                    "maintenance.jobFailed: maintenance job failed, it runs again at its next time job={}",
                    job.name(),
                    e);
            error = shortened(String.valueOf(e));
        }
        release(job, start, clock.instant(), error);
    }

    private void release(MaintenanceJob job, Instant start, Instant end, @Nullable String error) {
        int released = statement(RELEASE, job, end)
                .param("me", me)
                .param("next", SqlTime.of(start.plus(job.every())))
                .param("millis", Duration.between(start, end).toMillis())
                .param("error", error)
                .update();
        if (released == 0) {
            log.warn(
                    "maintenance.jobOverran: maintenance job took too long, another replica started it job={}",
                    job.name());
        }
    }

    private JdbcClient.StatementSpec statement(String sql, MaintenanceJob job, Instant now) {
        return jdbc.sql(sql).param("name", job.name()).param("now", SqlTime.of(now));
    }

    private static String shortened(String message) {
        return message.length() <= MAX_ERROR ? message : message.substring(0, MAX_ERROR);
    }
}
