package io.tributary.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tributary.scheduler.testing.Database;
import io.tributary.schemas.Migrations;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration to organisations, on a database that has rows. */
class OrganisationsMigrationIT {

    /** More than one batch. */
    private static final int RUNS = 12_000;

    private final Database database = Database.empty();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void makesEveryUserAnOrganisationOfTheirOwnAndCanBeRepeated() {
        migrateTo("22?");
        UUID account = database.integration(null);
        database.update(
                "insert into sync_run (user_integration_id, user_id, integration_domain, trigger, status, finished_at)"
                        + " select :id, 'ann', 'hello', 'manual', 'succeeded', now() from generate_series(1, " + RUNS
                        + ")",
                account);
        database.run(account, "manual");
        database.jdbc()
                .sql("insert into webhook (user_id, url, secret) values ('bob', 'https://a.test', '')")
                .update();

        migrateTo("23");

        assertThat(database.count("select count(*) from sync_run where org_id = 'ann'"))
                .isEqualTo(RUNS + 1);
        assertThat(database.count("select count(*) from webhook where org_id = 'bob'"))
                .isEqualTo(1);
        assertThat(database.value("select org_id from user_integration where id = :id", account, String.class))
                .isEqualTo("ann");

        // As after a crash in its middle: nothing says that it was done.
        database.jdbc()
                .sql("delete from flyway_schema_history where version = '23'")
                .update();
        assertThatCode(() -> migrateTo("23")).doesNotThrowAnyException();
    }

    private void migrateTo(String version) {
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(database.pool())
                .target(version)
                .load()
                .migrate();
    }
}
