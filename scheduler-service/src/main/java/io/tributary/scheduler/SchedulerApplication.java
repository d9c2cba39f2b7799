package io.tributary.scheduler;

import io.tributary.scheduler.database.MigrateDatabase;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/**
 * The scheduler service: migrations, the polling cycle, the outbox and the REST API. Configured by scheduler.yml.
 *
 * <p>With the argument {@code migrate}, the process applies the migrations and ends: with exit code 0, or 1 if it could
 * not. Then the services need no right to change tables; {@code spring.flyway.enabled=false} keeps them from it.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SchedulerApplication {

    /** The argument of a process that migrates the database and ends. */
    public static final String MIGRATE = "migrate";

    public static void main(String[] arguments) {
        if (List.of(arguments).contains(MIGRATE)) {
            MigrateDatabase.run(arguments);
        } else {
            application().run(arguments);
        }
    }

    /** The service, ready to run; it shares its JVM and class path with other services where one process runs all. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SchedulerApplication.class).properties("spring.config.name=scheduler");
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
