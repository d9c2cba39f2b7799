package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** A PostgreSQL server that runs, seen by its superuser: makes databases and logins. */
public class PostgresAdmin {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final String DUPLICATE_DATABASE = "42P04";

    private final String host;
    private final int port;
    private final String username;
    private final String password;

    /** @param username of the superuser */
    PostgresAdmin(String host, int port, String username, String password) {
        this.host = host;
        this.port = port;
        this.username = username;
        this.password = password;
    }

    /**
     * Creates a database of that name unless there is one.
     *
     * @param name lower case letters, digits and underscores, up to 63 characters
     * @return its JDBC URL, without user and password
     */
    public String createDatabase(String name) {
        requireName(name);
        try (var connection = connect();
                var statement = connection.createStatement()) {
            if (!exists(connection, "select 1 from pg_database where datname = ?", name)) {
                statement.execute("create database " + name);
            }
        } catch (SQLException e) {
            if (!DUPLICATE_DATABASE.equals(e.getSQLState())) { // then somebody made it in the meantime
                throw new ServerFailure(
                        Reason.START_FAILED, "cannot create the database " + name + ": " + e.getMessage(), e);
            }
        }
        return jdbcUrl(name);
    }

    /**
     * Makes a user who may log in, or gives an existing one this password, and makes it a member of roles.
     *
     * @param name lower case letters, digits and underscores, up to 63 characters
     * @param roles that exist on this server, such as {@code tributary_worker}; may be empty
     */
    public void createLogin(String name, String loginPassword, List<String> roles) {
        requireName(name);
        roles.forEach(PostgresAdmin::requireName);
        try (var connection = connect();
                var statement = connection.createStatement()) {
            boolean exists = exists(connection, "select 1 from pg_roles where rolname = ?", name);
            // The statement takes no parameters; the server quotes the password for us.
            statement.execute((exists ? "alter" : "create") + " role " + name + " login password "
                    + quoted(connection, loginPassword));
            for (String role : roles) {
                statement.execute("grant " + role + " to " + name);
            }
        } catch (SQLException e) {
            throw new ServerFailure(Reason.START_FAILED, "cannot create the login " + name + ": " + e.getMessage(), e);
        }
    }

    /** JDBC URL of a database of that name, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    /** Name of the superuser. */
    public String username() {
        return username;
    }

    /** Password of the superuser; the same at every start on this folder. */
    public String password() {
        return password;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"), username, password);
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static String quoted(Connection connection, String text) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select quote_literal(?)")) {
            statement.setString(1, text);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "not a name of lower case letters, digits and underscores, up to 63 characters: " + name);
        }
    }
}
