package io.tributary.sink;

import com.zaxxer.hikari.HikariDataSource;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database of a test's own with the tables of the contract, and a login that may do what the sink may, and no more. */
public final class SinkDatabase implements AutoCloseable {

    private static final String PASSWORD = "sink";

    private final String url;
    private final String login;
    private final JdbcTemplate owner;
    private final HikariDataSource sink;

    private SinkDatabase(PostgresServer server, String name) {
        this.url = server.createDatabase(name);
        this.login = name + "_login";
        this.owner = new JdbcTemplate(new DriverManagerDataSource(url, server.username(), server.password()));
        migrate();
        server.createLogin(login, PASSWORD, List.of("tributary_sink"));
        this.sink = new HikariDataSource();
        sink.setJdbcUrl(url);
        sink.setUsername(login);
        sink.setPassword(PASSWORD);
        sink.addDataSourceProperty("logServerErrorDetail", "false"); // as in sink.yml
        sink.setMinimumIdle(0);
        sink.setConnectionTimeout(2_000);
    }

    /** On the servers that the tests of this JVM share. */
    public static SinkDatabase create() {
        return on(TestServers.postgres());
    }

    public static SinkDatabase on(PostgresServer server) {
        return new SinkDatabase(
                server,
                "sink_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    /** For the sink. */
    public DataSource dataSource() {
        return sink;
    }

    /** For the test: sees and may do everything. */
    public JdbcTemplate owner() {
        return owner;
    }

    /** A number that the owner's statement selects. */
    public long count(String sql) {
        return Objects.requireNonNull(owner.queryForObject(sql, Long.class));
    }

    public String url() {
        return url;
    }

    public String username() {
        return login;
    }

    public String password() {
        return PASSWORD;
    }

    @Override
    public void close() {
        sink.close();
    }

    private void migrate() {
        try {
            Resource[] scripts =
                    new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V*.sql");
            Arrays.sort(scripts, Comparator.comparing(SinkDatabase::version));
            for (Resource script : scripts) {
                owner.execute(script.getContentAsString(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Resource script) {
        String name = String.valueOf(script.getFilename());
        return Integer.parseInt(name.substring(1, name.indexOf('_')));
    }
}
