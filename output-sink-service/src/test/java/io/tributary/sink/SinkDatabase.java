package io.tributary.sink;

import com.zaxxer.hikari.HikariDataSource;
import io.tributary.schemas.Migrations;
import io.tributary.sink.postgres.Postgres;
import io.tributary.standalone.servers.PostgresAdmin;
import io.tributary.standalone.servers.TestServers;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A database of a test's own with the tables of the contract, and a login that may do what the sink may, and no more.
 */
public final class SinkDatabase implements AutoCloseable {

    private final Login login;
    private final JdbcTemplate owner;
    private final HikariDataSource sink;

    /** How to connect. */
    public record Login(String url, String username, String password) {}

    private SinkDatabase(PostgresAdmin server, String name) {
        this.login = new Login(server.createDatabase(name), name + "_login", "sink");
        var ofOwner = new DriverManagerDataSource(login.url(), server.username(), server.password());
        this.owner = new JdbcTemplate(ofOwner);
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(ofOwner)
                .load()
                .migrate();
        server.createLogin(login.username(), login.password(), List.of("tributary_sink"));
        this.sink = new HikariDataSource();
        sink.setJdbcUrl(login.url());
        sink.setUsername(login.username());
        sink.setPassword(login.password());
        sink.addDataSourceProperty("logServerErrorDetail", "false"); // as in sink.yml
        sink.setMinimumIdle(0);
        sink.setConnectionTimeout(2_000);
    }

    /** On the servers that the tests of this JVM share. */
    public static SinkDatabase create() {
        return on(TestServers.postgres());
    }

    public static SinkDatabase on(PostgresAdmin server) {
        return new SinkDatabase(
                server,
                "sink_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    /** For the sink. */
    public DataSource dataSource() {
        return sink;
    }

    /** For the sink. */
    public Postgres postgres() {
        return new Postgres(new JdbcTemplate(sink), new JdbcTransactionManager(sink));
    }

    /** For the test: sees and may do everything. */
    public JdbcTemplate owner() {
        return owner;
    }

    /** A number that the owner's statement selects. */
    public long count(String sql) {
        return Objects.requireNonNull(owner.queryForObject(sql, Long.class));
    }

    /** The sink's. */
    public Login login() {
        return login;
    }

    @Override
    public void close() {
        sink.close();
    }
}
