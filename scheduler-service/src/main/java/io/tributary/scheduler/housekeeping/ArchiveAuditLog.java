package io.tributary.scheduler.housekeeping;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Moves old entries of the audit log to its archive, where nobody may change them. In steps, so that nobody waits for it. */
final class ArchiveAuditLog implements Runnable {

    /** Entries that one statement moves. */
    static final int STEP = 5_000;

    private static final String ARCHIVE = """
        with moved as (
          delete from audit_log where id in (select id from audit_log where at < :before order by at limit :step)
          returning id, at, user_id, operator, action, target, status, remote_address
        )
        insert into audit_log_archive (id, at, user_id, operator, action, target, status, remote_address)
        select id, at, user_id, operator, action, target, status, remote_address from moved
        """;

    private final JdbcClient jdbc;
    private final Duration after;
    private final Clock clock;

    ArchiveAuditLog(JdbcClient jdbc, Duration after, Clock clock) {
        this.jdbc = jdbc;
        this.after = after;
        this.clock = clock;
    }

    @Override
    public void run() {
        var before = SqlTime.of(clock.instant().minus(after));
        int moved;
        do {
            moved = jdbc.sql(ARCHIVE)
                    .param("before", before)
                    .param("step", STEP)
                    .update();
        } while (moved == STEP && !Thread.currentThread().isInterrupted());
    }
}
