package io.tributary.scheduler.housekeeping;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes runs that ended long ago, with their log; what they brought stays. In steps, so that nobody waits for it. */
final class PurgeRuns implements Runnable {

    /** Runs that one statement deletes. */
    static final int STEP = 5_000;

    private static final String PURGE = """
        delete from sync_run where id in (select id from sync_run where finished_at < :before order by finished_at limit :step)
        """;

    private final JdbcClient jdbc;
    private final Duration retention;
    private final Clock clock;

    PurgeRuns(JdbcClient jdbc, Duration retention, Clock clock) {
        this.jdbc = jdbc;
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public void run() {
        var before = SqlTime.of(clock.instant().minus(retention));
        int purged;
        do {
            purged = jdbc.sql(PURGE).param("before", before).param("step", STEP).update();
        } while (purged == STEP && !Thread.currentThread().isInterrupted());
    }
}
