package io.tributary.worker.execution;

import io.tributary.worker.engine.Pauses;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The pauses of whole integrations, read from Postgres once a second: so every worker has them, whenever it starts and
 * whichever partitions it owns. Everything is paused until the first reading; the last reading applies during an outage
 * of Postgres. Thread safe.
 */
public final class PauseCache implements Supplier<Pauses>, AutoCloseable {

    /** Time between two readings: the longest delay of a pause. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The name of the pause of everything, as in the table. */
    private static final String EVERYTHING = "all";

    private static final Logger log = LoggerFactory.getLogger(PauseCache.class);

    private final JdbcClient database;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("pauses").daemon().factory());
    private volatile Pauses pauses = Pauses.EVERYTHING;
    private boolean failing;

    /** Reads immediately, and then once a second until it is closed. */
    public PauseCache(JdbcClient database) {
        this.database = database;
        timer.scheduleWithFixedDelay(this::read, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The same instance as long as nothing changes. */
    @Override
    public Pauses get() {
        return pauses;
    }

    private void read() {
        try {
            var names = new HashSet<>(database.sql("select name from worker_pause")
                    .query(String.class)
                    .list());
            var now = new Pauses(names.remove(EVERYTHING), names);
            if (!now.equals(pauses)) {
                log.info(
                        "worker.pausesChanged: pauses changed everything={} integrations={}",
                        now.everything(),
                        now.domains());
                pauses = now;
            }
            failing = false;
        } catch (DataAccessException e) {
            if (!failing) {
                log.warn("polling.databaseUnavailable: pauses not read, those known stand", e);
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
