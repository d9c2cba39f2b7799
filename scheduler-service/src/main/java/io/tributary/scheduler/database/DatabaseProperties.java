package io.tributary.scheduler.database;

import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pools of connections of one replica. {@code spring.datasource.hikari.*} applies to both; its {@code
 * maximum-pool-size} is the size of the pool for background work.
 *
 * @param apiConnections connections for requests, 1 to 1,000; default 10
 * @param apiConnectionsPerCaller most connections that the requests of one caller use concurrently, 1 to 1,000; default
 *     5. Further requests of the caller wait for one of them
 * @param apiStatementTimeout longest time of one statement of a request, 100 ms to 1 h; default 10 s. After it, the
 *     request ends with 503
 * @param backgroundStatementTimeout longest time of one statement of polling, dispatch and maintenance, 1 s to 24 h;
 *     default 10 minutes. Migrations have no limit
 */
@ConfigurationProperties("tributary.database")
public record DatabaseProperties(
        @DefaultValue("10") int apiConnections,
        @DefaultValue("5") int apiConnectionsPerCaller,
        @DefaultValue("10s") Duration apiStatementTimeout,
        @DefaultValue("10m") Duration backgroundStatementTimeout) {

    private static final Range<Integer> CONNECTIONS = Range.between(1, 1_000, "1 to 1,000");
    private static final Range<Duration> OF_REQUESTS =
            Range.between(Duration.ofMillis(100), Duration.ofHours(1), "100 ms to 1 h");
    private static final Range<Duration> IN_BACKGROUND =
            Range.between(Duration.ofSeconds(1), Duration.ofHours(24), "1 s to 24 h");

    public DatabaseProperties {
        CONNECTIONS.check(apiConnections, "tributary.database.api-connections");
        CONNECTIONS.check(apiConnectionsPerCaller, "tributary.database.api-connections-per-caller");
        OF_REQUESTS.check(apiStatementTimeout, "tributary.database.api-statement-timeout");
        IN_BACKGROUND.check(backgroundStatementTimeout, "tributary.database.background-statement-timeout");
    }
}
