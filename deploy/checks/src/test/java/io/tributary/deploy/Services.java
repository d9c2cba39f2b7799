package io.tributary.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

/** The services: their image, their package and their defaults. */
enum Services {
    SCHEDULER("tributary/scheduler-service", "io.tributary.scheduler", "scheduler.yml"),
    WORKER("tributary/task-worker-service", "io.tributary.worker", "worker.yml"),
    SINK("tributary/output-sink-service", "io.tributary.sink", "sink.yml"),
    EDGE("tributary/edge-service", "io.tributary.edge", "edge.yml");

    private final String image;
    final String packageName;
    private final String defaults;

    Services(String image, String packageName, String defaults) {
        this.image = image;
        this.packageName = packageName;
        this.defaults = defaults;
    }

    /** Whose image the container runs. */
    static Optional<Services> of(Map<String, Object> container) {
        String image = String.valueOf(container.get("image"));
        return Arrays.stream(values())
                .filter(service -> image.contains(service.image + ":") || image.contains(service.image + "@"))
                .findFirst();
    }

    /** The text of its defaults. */
    String defaults() {
        try {
            return new ClassPathResource(defaults).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The service's settings with these variables. */
    Binder settings(Map<String, String> variables) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        environment
                .getPropertySources()
                .addLast(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(variables)));
        try {
            new YamlPropertySourceLoader()
                    .load(defaults, new ClassPathResource(defaults))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Binder.get(environment);
    }
}
