package io.tributary.pipeline;

import io.tributary.schemas.Migrations;
import io.tributary.standalone.servers.PostgresAdmin;
import io.tributary.standalone.servers.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database of its own with the tables, and a login for each service that may do what that service may.
 *
 * @param name lower-case letters
 * @param url for JDBC
 * @param postgres the server
 */
record ServiceDatabase(String name, String url, PostgresAdmin postgres) {

    private static final String PASSWORD = "test";

    static ServiceDatabase create(String name) {
        return create(name, TestServers.postgres());
    }

    static ServiceDatabase create(String name, PostgresAdmin postgres) {
        var database = new ServiceDatabase(name, postgres.createDatabase(name), postgres);
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(database.url(), postgres.username(), postgres.password())
                .load()
                .migrate();
        for (String service : List.of("scheduler", "worker", "sink")) {
            postgres.createLogin(database.login(service), PASSWORD, List.of("tributary_" + service));
        }
        return database;
    }

    /** What tells a service about the database. */
    Map<String, String> environmentOf(String service) {
        return Map.of(
                "SPRING_DATASOURCE_URL", url,
                "SPRING_DATASOURCE_USERNAME", login(service),
                "SPRING_DATASOURCE_PASSWORD", PASSWORD);
    }

    /** The database as its owner sees it. */
    JdbcClient asOwner() {
        return JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));
    }

    /** A connection as a service has it, with a transaction that the caller ends. */
    Connection connect(String service) throws SQLException {
        Connection connection = DriverManager.getConnection(url, login(service), PASSWORD);
        connection.setAutoCommit(false);
        return connection;
    }

    private String login(String service) {
        return name + "_" + service;
    }
}
