package io.tributary.sink;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The output sink as a process of its own. Configured by {@link SinkProperties} and Spring's own settings. */
@SpringBootApplication
public class SinkApplication {

    /** The application, configured from {@code sink.yml} and the environment, ready to run. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SinkApplication.class).properties("spring.config.name=sink");
    }

    public static void main(String[] args) {
        application().run(args);
    }
}
