package io.tributary.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Database;
import io.tributary.schemas.Migrations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations that build indexes of large tables, beside services that write. */
class ConcurrentIndexesIT {

    private final Database database = Database.empty();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void writersGoOnWhileAMigrationBuildsAnIndex() throws Exception {
        migrateTo("26");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var service = database.another()) {
            Future<?> migration = service.transaction().execute(_ -> {
                service.integration(null); // the build waits for the end of this transaction
                Future<?> started = threads.submit(() -> migrateTo("26.1"));
                await().atMost(Duration.ofSeconds(60)).until(this::buildWaits);

                database.integration(null); // the plain build would hold it up

                assertThat(started.isDone()).isFalse();
                return started;
            });
            assertThat(migration).isNotNull().satisfies(it -> it.get(60, TimeUnit.SECONDS));
        }

        assertThat(database.count("select count(*) from pg_index where indisvalid and indexrelid ="
                        + " to_regclass('user_integration_health_by_domain')"))
                .isEqualTo(1);
        assertThat(database.count("select count(*) from user_integration")).isEqualTo(2);
    }

    @Test
    void replicasThatStartTogetherMigrateOnce() throws Exception {
        migrateTo("26");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> migrate = () -> {
                try (var replica = database.another()) {
                    return migrate(replica, "26.1");
                }
            };
            int migrations = 0;
            for (var replica : threads.invokeAll(List.of(migrate, migrate, migrate), 120, TimeUnit.SECONDS)) {
                migrations += replica.get();
            }
            assertThat(migrations).isEqualTo(1);
        }
    }

    @Test
    void buildsAnIndexAnewWhoseBuildWasInterrupted() {
        migrateTo("26");
        database.jdbc()
                .sql("create index user_integration_health_by_domain on user_integration (name)")
                .update();
        database.jdbc()
                .sql("update pg_index set indisvalid = false where indexrelid ="
                        + " 'user_integration_health_by_domain'::regclass")
                .update();

        migrateTo("26.1");

        assertThat(database.jdbc()
                        .sql("select indexdef from pg_indexes where indexname = 'user_integration_health_by_domain'")
                        .query(String.class)
                        .single())
                .contains("(integration_domain, health_due_at)");
    }

    private boolean buildWaits() {
        return database.count("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and query ilike 'create index concurrently%' and wait_event_type = 'Lock'")
                > 0;
    }

    private int migrateTo(String version) {
        return migrate(database, version);
    }

    private static int migrate(Database database, String version) {
        return Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(database.pool())
                .target(version)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
