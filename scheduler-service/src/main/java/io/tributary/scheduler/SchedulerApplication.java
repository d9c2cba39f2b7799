package io.tributary.scheduler;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The scheduler service: migrations, the polling cycle, the outbox and the REST API. Configured by scheduler.yml. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SchedulerApplication {

    public static void main(String[] arguments) {
        application().run(arguments);
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
