package io.tributary.deploy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.SchedulerApplication;
import io.tributary.standalone.servers.PostgresAdmin;
import io.tributary.standalone.servers.TestServers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The roles of the Postgres manifest, on a real server: what CloudNativePG does with them is done by hand here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformRolesIT {

    private static final String PASSWORD = "of-the-test";

    private final PostgresAdmin postgres = TestServers.postgres();
    private String url = "";

    @BeforeAll
    void createRolesAndMigrate() throws SQLException {
        Manifest cluster = Manifest.parse(Deployed.read(Deployed.PLATFORM.resolve("postgres.yaml")))
                .getFirst();
        String database = cluster.text("spec", "bootstrap", "initdb", "database");
        String owner = cluster.text("spec", "bootstrap", "initdb", "owner");
        url = postgres.createDatabase(database);
        postgres.createLogin(owner, PASSWORD, List.of());
        for (Object statement :
                (List<?>) Objects.requireNonNull(cluster.at("spec", "bootstrap", "initdb", "postInitSQL"))) {
            execute(postgres.username(), postgres.password(), statement.toString());
        }
        execute(postgres.username(), postgres.password(), "alter database " + database + " owner to " + owner);
        for (var role : cluster.list("spec", "managed", "roles")) {
            var roles = role.get("inRoles") instanceof List<?> list
                    ? list.stream().map(Objects::toString).toList()
                    : List.<String>of();
            postgres.createLogin(Objects.toString(role.get("name")), PASSWORD, roles);
        }
        SchedulerApplication.main(new String[] {
            SchedulerApplication.MIGRATE,
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=" + owner,
            "--spring.datasource.password=" + PASSWORD
        });
    }

    @Test
    void eachServiceReadsWhatItNeeds() {
        mayRead("scheduler", "sync_run");
        mayRead("worker", "worker_user_integration");
        mayRead("sink", "user_integration_content");
    }

    @Test
    void noServiceChangesTables() {
        for (String login : List.of("scheduler", "worker", "sink")) {
            assertThatThrownBy(() -> execute(login, PASSWORD, "drop table sync_run"))
                    .as(login)
                    .hasMessageContaining("must be owner");
        }
    }

    @Test
    void theWorkerDoesNotReadRuns() {
        assertThatThrownBy(() -> execute("worker", PASSWORD, "select * from sync_run"))
                .hasMessageContaining("permission denied");
    }

    private void mayRead(String login, String table) {
        assertThatCode(() -> execute(login, PASSWORD, "select * from " + table))
                .as(login)
                .doesNotThrowAnyException();
    }

    private void execute(String user, String password, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
