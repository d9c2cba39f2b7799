package io.tributary.scheduler.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whether the database answers, as last seen by a timer: a probe must answer at once, also while all connections are in
 * use. Up until {@link #PATIENCE} after the last answer. Part of readiness by its name.
 */
public final class DatabaseHealth implements HealthIndicator {

    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final JdbcClient jdbc;
    private final Clock clock;
    private volatile Instant answeredAt = Instant.EPOCH;

    DatabaseHealth(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Asks the database, on a timer's thread. */
    public void ask() {
        try {
            jdbc.sql("select 1").query(Integer.class).single();
            answeredAt = clock.instant();
        } catch (DataAccessException e) {
            // The time of the last answer says so.
        }
    }

    @Override
    public Health health() {
        return (answeredAt.plus(PATIENCE).isBefore(clock.instant()) ? Health.down() : Health.up()).build();
    }
}
