package io.tributary.scheduler.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Gives a thread that serves a request a connection of its caller's share, and any other thread one of background work:
 * slow requests take no connection from polling and dispatch, and the other way round.
 */
final class RouteConnections extends AbstractDataSource implements AutoCloseable {

    private final HikariDataSource api;
    private final HikariDataSource background;
    private final ConnectionShares shares;

    RouteConnections(HikariDataSource api, int apiConnectionsPerCaller, HikariDataSource background) {
        this.api = api;
        this.background = background;
        this.shares = new ConnectionShares(api, apiConnectionsPerCaller);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Optional<String> caller = ServedRequest.caller();
        return caller.isPresent() ? shares.connect(caller.get()) : background.getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("the pools have one user");
    }

    @Override
    public void close() {
        try (api) {
            background.close();
        }
    }
}
