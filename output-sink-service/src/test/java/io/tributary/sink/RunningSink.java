package io.tributary.sink;

import io.tributary.standalone.servers.TestServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it is started in production, on the servers of the tests. Closing it is a clean stop. */
final class RunningSink implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningSink(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param group sinks of one group share the partitions; a sink of another reads everything from the start */
    static RunningSink start(SinkDatabase database, SinkTopics topics, String group, String... more) {
        return start(database, TestServers.kafka().bootstrapServers(), topics.prefix(), group, more);
    }

    static RunningSink start(
            SinkDatabase database, String bootstrapServers, String topicPrefix, String group, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--spring.datasource.url=" + database.login().url(),
                "--spring.datasource.username=" + database.login().username(),
                "--spring.datasource.password=" + database.login().password(),
                "--spring.datasource.hikari.connection-timeout=1000",
                "--tributary.schema-registry.url=" + TestServers.registry().url(),
                "--tributary.topics.prefix=" + topicPrefix,
                "--tributary.topics.partitions=" + SinkTopics.PARTITIONS,
                "--tributary.topics.replication-factor=1",
                "--tributary.topics.allow-single-replica=true",
                "--spring.kafka.properties.schema.registry.unknown.id.wait.ms=0",
                "--tributary.sink.group=" + group));
        arguments.addAll(List.of(more));
        return new RunningSink(SinkApplication.application().run(arguments.toArray(String[]::new)));
    }

    Health health() {
        return Objects.requireNonNull(
                context.getBean("sinkHealthIndicator", HealthIndicator.class).health());
    }

    int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
