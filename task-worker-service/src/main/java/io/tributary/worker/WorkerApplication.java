package io.tributary.worker;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The task worker as a process of its own. Configured by {@link WorkerProperties} and Spring's own settings. */
@SpringBootApplication
@EnableConfigurationProperties(WorkerProperties.class)
public class WorkerApplication {

    /** The application, configured from {@code worker.yml} and the environment, ready to run. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(WorkerApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("spring.config.name=worker");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
