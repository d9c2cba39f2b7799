package io.tributary.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and background work do not take each other's connections. A lock on a table makes its statements slow. */
class PoolsIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void slowRequestsStopNeitherTheCycleNorHealthChecks() throws SQLException {
        try (var scheduler = start(Map.of(
                        "POLLING_CRON_SCHEDULE", "* * * * * *",
                        "spring.datasource.hikari.maximum-pool-size", "2",
                        "spring.datasource.hikari.connection-timeout", "500",
                        "tributary.database.api-connections", "2"));
                Connection locking = lockContent(scheduler.database())) {
            List<CompletableFuture<Api.Answer>> slow = new ArrayList<>();
            for (String user : List.of("ann", "bob")) {
                slow.add(readContent(scheduler.user(user)));
            }
            awaitBlocked(scheduler.database(), 2);

            UUID due = scheduler.database().integration(Instant.now().minusSeconds(1));

            await().atMost(SOON)
                    .until(() -> scheduler
                                    .database()
                                    .count("select count(*) from sync_run where dispatched_at is not null"
                                            + " and user_integration_id = '" + due + "'")
                            == 1);
            scheduler.nobody().get("/actuator/health/readiness").expect(200);
            scheduler.user("eve").get("/v1/sync-runs").expectProblem(503, "api.busy");
            assertThat(slow).noneMatch(CompletableFuture::isDone);
            locking.rollback();
            slow.forEach(answer -> answer.join().expect(200));
        }
    }

    @Test
    void oneCallerLeavesConnectionsToTheOthers() throws SQLException {
        try (var scheduler = start(Map.of(
                        "spring.datasource.hikari.connection-timeout", "500",
                        "tributary.database.api-connections", "3",
                        "tributary.database.api-connections-per-caller", "2"));
                Connection locking = lockContent(scheduler.database())) {
            var ann = scheduler.user("ann");
            String path = contentOf(ann);
            List<CompletableFuture<Api.Answer>> slow = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                slow.add(CompletableFuture.supplyAsync(() -> ann.get(path), requests));
            }
            awaitBlocked(scheduler.database(), 2);

            scheduler.user("bob").get("/v1/sync-runs").expect(200);

            await().atMost(SOON)
                    .until(() -> slow.stream().filter(CompletableFuture::isDone).count() == 4);
            slow.stream()
                    .filter(CompletableFuture::isDone)
                    .forEach(answer -> answer.join().expectProblem(503, "api.busy"));
            locking.rollback();
            assertThat(slow.stream().filter(answer -> answer.join().status() == 200))
                    .hasSize(2);
        }
    }

    @Test
    void aRequestWhoseStatementTakesTooLongEndsWithAProblem() throws SQLException {
        try (var scheduler = start(Map.of("tributary.database.api-statement-timeout", "300ms"))) {
            String path = contentOf(scheduler.user("ann"));
            try (Connection locking = lockContent(scheduler.database())) {
                var answer = scheduler.user("ann").get(path);

                answer.expectProblem(503, "api.queryTimedOut");
                assertThat(answer.response().headers().firstValue("Retry-After"))
                        .hasValue("1");
                locking.rollback();
            }
            scheduler.user("ann").get(path).expect(200);
        }
    }

    private RunningScheduler start(Map<String, String> settings) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        return RunningScheduler.start(folder, Database.empty(), broker, settings);
    }

    private CompletableFuture<Api.Answer> readContent(Api user) {
        String path = contentOf(user);
        return CompletableFuture.supplyAsync(() -> user.get(path), requests);
    }

    private static String contentOf(Api user) {
        return "/v1/user-integration-content?userIntegrationId=" + user.connectHello();
    }

    private static Connection lockContent(Database database) throws SQLException {
        Connection connection = database.pool().getConnection();
        connection.setAutoCommit(false);
        connection.createStatement().execute("lock table user_integration_content in access exclusive mode");
        return connection;
    }

    private static void awaitBlocked(Database database, int statements) {
        await().atMost(SOON)
                .until(() -> database.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                        == statements);
    }
}
