package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {

    @TempDir
    Path folder;

    @Test
    void findsCommittedRowsAgainAfterARestart() throws Exception {
        try (var server = PostgresServer.start(folder, 0)) {
            keepARow(server);
        }

        try (var server = PostgresServer.start(folder, 0)) {
            assertThat(query(server, server.createDatabase("river"), "select id from kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void findsCommittedRowsAgainAfterTheServerWasKilled() throws Exception {
        try (var server = PostgresServer.start(folder, 0)) {
            keepARow(server);
            postmaster().destroyForcibly();
        }

        try (var server = PostgresServer.start(folder, 0)) {
            assertThat(query(server, server.jdbcUrl("river"), "select id from kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void startsThoughItsFirstStartWasCutShort() throws Exception {
        Files.createDirectories(folder.resolve("data.part"));
        Files.writeString(folder.resolve("data.part").resolve("PG_VERSION"), "18\n");

        try (var server = PostgresServer.start(folder, 0)) {
            assertThat(query(server, server.jdbcUrl("postgres"), "select 1")).isEqualTo("1");
        }
        assertThat(folder.resolve("data.part")).doesNotExist();
    }

    @Test
    void writesToDiskBeforeACommitReturnsAndListensOnLoopbackAlone() throws Exception {
        try (var server = PostgresServer.start(folder, 0)) {
            String url = server.jdbcUrl("postgres");
            assertThat(query(server, url, "show fsync")).isEqualTo("on");
            assertThat(query(server, url, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(server, url, "show data_checksums")).isEqualTo("on");
            assertThat(query(server, url, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(server, url, "show unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void letsLoginsInWithTheirPasswordAlone() throws Exception {
        var server = TestServers.postgres();
        String url = server.createDatabase("logins");
        execute(server, url, "create role readers nologin");

        server.createLogin("reader", "it's a secret", List.of("readers"));
        server.createLogin("reader", "it's another \\secret", List.of("readers"));

        try (var connection = DriverManager.getConnection(url, "reader", "it's another \\secret")) {
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> DriverManager.getConnection(url, "reader", "it's a secret"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
        assertThat(query(server, url, "select pg_has_role('reader', 'readers', 'member')"))
                .isEqualTo("t");
    }

    @Test
    void refusesNamesThatWouldNeedQuotes() {
        var server = TestServers.postgres();
        assertThatThrownBy(() -> server.createDatabase("river; drop database postgres"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesNoProcessBehindWhenClosed() throws Exception {
        ProcessHandle postmaster;
        try (var server = PostgresServer.start(folder, 0)) {
            postmaster = postmaster();
            assertThat(server.port()).isPositive();
        }
        assertThat(postmaster.isAlive()).isFalse();
        AssertServers.assertNoProcessIn(folder);
    }

    @Test
    void stopsAServerThatAKilledJvmLeftBehind() throws Exception {
        var abandoned = PostgresServer.start(folder, 0);
        execute(abandoned, abandoned.createDatabase("river"), "create table kept (id int)");
        ProcessHandle left = postmaster();
        abandoned.abandon();
        assertThat(left.isAlive()).as("still running").isTrue();

        try (var server = PostgresServer.start(folder, 0)) {
            assertThat(left.isAlive()).isFalse();
            assertThat(postmaster().isAlive()).isTrue();
            assertThat(query(server, server.createDatabase("river"), "select count(*) from kept"))
                    .isEqualTo("0");
        }
    }

    @Test
    void startsThoughItsOldProcessNumberBelongsToAnotherProgram() throws Exception {
        PostgresServer.start(folder, 0).close();
        var other = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(pidFile(), other.pid() + "\n");

            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(query(server, server.jdbcUrl("postgres"), "select 1"))
                        .isEqualTo("1");
            }
            assertThat(other.isAlive()).as("the other program").isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void tellsThatThePortIsInUse() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AssertServers.assertFails(
                    ServerFailure.Reason.PORT_IN_USE, () -> PostgresServer.start(folder, other.getLocalPort()));
        }
    }

    private ProcessHandle postmaster() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst().strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private Path pidFile() {
        return folder.resolve("data").resolve("postmaster.pid");
    }

    private static void keepARow(PostgresServer server) throws SQLException {
        String url = server.createDatabase("river");
        execute(server, url, "create table kept (id int)");
        execute(server, url, "insert into kept values (42)");
    }

    private static void execute(PostgresAdmin server, String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, server.username(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresAdmin server, String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, server.username(), server.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
