package io.tributary.scheduler.database;

import io.tributary.schemas.Migrations;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Applies the migrations without starting the service. It needs the settings of the database and no other. */
@ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
public class MigrateDatabase {

    /**
     * Returns when the database is up to date. Processes may run it concurrently: they wait for each other.
     *
     * @param arguments settings, such as {@code --spring.datasource.url=...}
     */
    public static void run(String... arguments) {
        new SpringApplicationBuilder(MigrateDatabase.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=scheduler")
                .run(arguments)
                .close();
    }

    @Bean
    FlywayConfigurationCustomizer settingsOfMigrations() {
        return flyway -> flyway.configuration(Migrations.SETTINGS);
    }
}
