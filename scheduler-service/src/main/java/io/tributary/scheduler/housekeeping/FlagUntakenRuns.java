package io.tributary.scheduler.housekeeping;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Says of runs whose initial task is on the topic, and that nobody has said a word of since, that it is so. Such a run
 * waits: it goes on by itself once workers do, and the first progress takes the remark away.
 */
final class FlagUntakenRuns implements Runnable {

    static final String CODE = "polling.notTaken";

    // Asks for any user, or no index of live runs could be used: each of them wants its key (V17).
    private static final String FLAG = """
        update sync_run
        set error_code = :code,
            error_message = 'No worker has taken it since its task was sent, or the sink has not read that one did: check'
              || ' that workers with this integration and sinks are running, and how far behind they are.'
        where user_id >= '' and finished_at is null and started_at is null and error_code is null and dispatched_at < :before
        """;

    private static final Logger log = LoggerFactory.getLogger(FlagUntakenRuns.class);

    private final JdbcClient jdbc;
    private final Duration patience;
    private final Clock clock;

    /** @param patience how long after its dispatch */
    FlagUntakenRuns(JdbcClient jdbc, Duration patience, Clock clock) {
        this.jdbc = jdbc;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public void run() {
        int flagged = jdbc.sql(FLAG)
                .param("code", CODE)
                .param("before", SqlTime.of(clock.instant().minus(patience)))
                .update();
        if (flagged > 0) {
            log.warn("runs were dispatched and not taken code={} runs={}", CODE, flagged);
        }
    }
}
