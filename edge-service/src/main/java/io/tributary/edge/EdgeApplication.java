package io.tributary.edge;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The edge as a process of its own: it serves those who have no token, such as providers that send webhooks. Configured
 * by {@link EdgeProperties} and Spring's own settings.
 */
@SpringBootApplication
public class EdgeApplication {

    /** The application, configured from {@code edge.yml} and the environment, ready to run. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(EdgeApplication.class).properties("spring.config.name=edge");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
