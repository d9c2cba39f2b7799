package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Status;

/**
 * Fault: Postgres is there, but cannot be used. The sink waits and says so, sets nothing aside, and goes on where it
 * was. {@link PostgresRestartsIT} has the server that is not there.
 */
class OutagesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RUNS = 4;

    @TempDir
    private static Path folder;

    private static PostgresServer postgres;

    private SinkDatabase database;
    private SinkTopics topics;
    private Workload workload;

    @SuppressWarnings("NullAway.Init") // begin() sets them
    OutagesIT() {}

    @BeforeAll
    static void startPostgres() {
        postgres = PostgresServer.start(folder, 0);
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void begin() {
        database = SinkDatabase.on(postgres);
        topics = new SinkTopics();
        workload = new Workload(database, RUNS);
    }

    @AfterEach
    void end() {
        topics.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "57P01, terminating connection",
        "57P03, cannot connect now",
        "08006, connection failure",
        "40001, serialization failure",
        "40P01, deadlock",
        "53100, disk full",
        "53200, out of memory",
        "53300, too many connections",
        "25006, read only",
        "55P03, lock not available"
    })
    void waitsWhilePostgresRefusesEverybodyWithThatState(String sqlState, String what) {
        database.owner()
                .execute("create function fail() returns trigger language plpgsql as $$ begin" + " raise exception '"
                        + what + "' using errcode = '" + sqlState + "'; end $$");
        try (var sink = start()) {
            workload.send(topics, 50);
            await().atMost(PATIENCE).until(() -> workload.rows() == 50 * RUNS);

            database.owner()
                    .execute("create trigger fail before insert or update on user_integration_content"
                            + " for each statement execute function fail()");
            workload.send(topics, 50);
            awaitWaiting(sink);
            database.owner().execute("drop trigger fail on user_integration_content");

            finish(sink, 100);
        }
    }

    @Test
    void waitsWhilePostgresIsReadOnly() {
        try (var sink = start()) {
            workload.send(topics, 50);
            await().atMost(PATIENCE).until(() -> workload.rows() == 50 * RUNS);

            readOnly(true);
            workload.send(topics, 50);
            awaitWaiting(sink);
            readOnly(false);

            finish(sink, 100);
        }
    }

    @Test
    void waitsForAConnectionWhileOthersHaveThemAll() throws SQLException {
        workload.send(topics, 50);
        List<Connection> others = new ArrayList<>();
        try {
            takeAll(others);
            try (var sink = start()) {
                awaitWaiting(sink);
                for (Connection other : others) {
                    other.close();
                }
                finish(sink, 50);
            }
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
    }

    @Test
    void survivesThatItsConnectionsAreTerminatedAllTheTime() {
        try (var sink = start("--tributary.sink.batch-records=20")) {
            for (int i = 0; i < 10; i++) {
                workload.send(topics, 30);
                long enough = workload.rows() + 20;
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> workload.rows() >= enough);
                database.owner()
                        .queryForList(
                                "select pg_terminate_backend(pid) from pg_stat_activity where usename = ?",
                                database.login().username());
            }
            finish(sink, 300);
        }
    }

    private RunningSink start(String... more) {
        return RunningSink.start(database, topics, "sink-" + UUID.randomUUID(), more);
    }

    private static void awaitWaiting(RunningSink sink) {
        Instant before = Instant.now();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(sink.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(sink.health().getDetails())
                    .containsEntry("waitsFor", "postgres")
                    .containsKey("attempts");
            assertThat(Instant.parse(String.valueOf(sink.health().getDetails().get("since"))))
                    .isBetween(before.minus(PATIENCE), Instant.now());
        });
    }

    private void finish(RunningSink sink, int outputsEach) {
        workload.end(topics);
        await().atMost(PATIENCE).until(() -> workload.finishedRuns() == RUNS);
        await().atMost(PATIENCE).until(() -> sink.health().getStatus().equals(Status.UP));
        assertThat(workload.rows()).isEqualTo((long) RUNS * outputsEach);
        assertThat(workload.provenRuns()).isEqualTo(RUNS);
        assertThat(database.count("select count(*) from dead_letter")).isZero();
    }

    private void readOnly(boolean on) {
        database.owner()
                .execute("alter role " + database.login().username() + " set default_transaction_read_only = " + on);
        // The role's settings are those of its next connections.
        database.owner()
                .queryForList(
                        "select pg_terminate_backend(pid) from pg_stat_activity where usename = ?",
                        database.login().username());
    }

    /** Until the server has none left but those that it keeps for its administrators. */
    private void takeAll(List<Connection> others) {
        try {
            while (true) {
                others.add(DriverManager.getConnection(
                        database.login().url(),
                        database.login().username(),
                        database.login().password()));
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("53300");
        }
    }
}
