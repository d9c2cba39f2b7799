package io.tributary.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.SchedulerApplication;
import io.tributary.scheduler.testing.Database;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that migrates and ends. */
class MigrateDatabaseIT {

    @Test
    void migratesWithTheSettingsOfTheDatabaseAlone() {
        try (var database = Database.empty()) {
            migrate(database.url());
            migrate(database.url());

            assertThat(database.count("select count(*) from sync_run")).isZero();
        }
    }

    @Test
    void failsWhereThereIsNoDatabase() {
        assertThatThrownBy(() -> migrate(TestServers.postgres().jdbcUrl("there_is_none")))
                .hasStackTraceContaining("there_is_none");
    }

    /** As the pods of a cluster have it. */
    @Test
    void readsThePasswordFromAMountedFile(@TempDir Path secrets) throws IOException {
        var postgres = TestServers.postgres();
        Files.writeString(secrets.resolve("spring.datasource.password"), postgres.password());
        try (var database = Database.empty()) {
            SchedulerApplication.main(new String[] {
                SchedulerApplication.MIGRATE,
                "--spring.config.import=configtree:" + secrets + "/",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + postgres.username()
            });

            assertThat(database.count("select count(*) from sync_run")).isZero();
        }
    }

    private static void migrate(String url) {
        var postgres = TestServers.postgres();
        SchedulerApplication.main(new String[] {
            SchedulerApplication.MIGRATE,
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=" + postgres.username(),
            "--spring.datasource.password=" + postgres.password()
        });
    }
}
