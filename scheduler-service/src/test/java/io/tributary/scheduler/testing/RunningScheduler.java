package io.tributary.scheduler.testing;

import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.SchedulerApplication;
import io.tributary.scheduler.maintenance.MaintenanceJob;
import io.tributary.schemas.Task;
import io.tributary.standalone.servers.TestServers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service on real servers, with a database and topics of its own; no polling cycle runs unless asked for. */
public record RunningScheduler(
        ConfigurableApplicationContext context, Database database, Broker broker, Tokens tokens, Keysets keysets)
        implements AutoCloseable {

    /** A cycle that is never due while a test runs. */
    public static final String NEVER = "0 0 0 29 2 *";

    /** One that knows the integrations hello, mail, cloud and hub, and is ready. */
    public static RunningScheduler start(Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        broker.announce(ManifestJson.MAIL);
        broker.announce(ManifestJson.CLOUD);
        broker.announce(ManifestJson.HUB);
        return start(folder, Database.empty(), broker, Map.of());
    }

    /** One on that database and those topics. */
    public static RunningScheduler start(Path folder, Database database, Broker broker, Map<String, String> settings) {
        var tokens = Tokens.rsa();
        var keysets = Keysets.create(folder);
        var properties = new HashMap<>(settings(database, broker));
        properties.put("tributary.credentials.keyset", keysets.file().toString());
        properties.put(
                "tributary.security.public-key", tokens.writePublicKey(folder).toString());
        properties.put("tributary.content.folder", folder.resolve("content").toString());
        properties.putAll(settings);
        var context = SchedulerApplication.application().run(arguments(properties));
        var scheduler = new RunningScheduler(context, database, broker, tokens, keysets);
        await().atMost(Duration.ofMinutes(2))
                .until(() ->
                        scheduler.probes().get("/actuator/health/readiness").status() == 200);
        return scheduler;
    }

    /** What it is configured with, but for keys. */
    public static Map<String, String> settings(Database database, Broker broker) {
        return Map.ofEntries(
                Map.entry("server.port", "0"),
                Map.entry("server.address", "127.0.0.1"),
                Map.entry("spring.kafka.bootstrap-servers", broker.bootstrapServers()),
                Map.entry("spring.datasource.url", database.url()),
                Map.entry("spring.datasource.username", TestServers.postgres().username()),
                Map.entry("spring.datasource.password", TestServers.postgres().password()),
                Map.entry(
                        "tributary.schema-registry.url", TestServers.registry().url()),
                Map.entry("tributary.topics.prefix", broker.topics().prefix()),
                Map.entry("tributary.topics.replication-factor", "1"),
                Map.entry("tributary.topics.allow-single-replica", "true"),
                Map.entry("tributary.security.issuer", Tokens.ISSUER),
                Map.entry("POLLING_CRON_SCHEDULE", NEVER));
    }

    public static String[] arguments(Map<String, String> properties) {
        var arguments = new ArrayList<String>();
        properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        return arguments.toArray(String[]::new);
    }

    public Api user(String userId) {
        return with(tokens.user(userId));
    }

    public Api member(String userId, String org) {
        return with(tokens.member(userId, org));
    }

    public Api orgAdmin(String userId, String org) {
        return with(tokens.orgAdmin(userId, org));
    }

    public Api operator() {
        return with(tokens.operator("root"));
    }

    public Api nobody() {
        return with(null);
    }

    public Api with(@Nullable String token) {
        return at("local.server.port", token);
    }

    /** Without a token, on the port of probes and metrics. */
    private Api probes() {
        boolean apart = context.getEnvironment().containsProperty("local.management.port");
        return at(apart ? "local.management.port" : "local.server.port", null);
    }

    private Api at(String port, @Nullable String token) {
        return new Api(URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port)), token);
    }

    /** Where large content is. */
    public Path contentFolder() {
        return Path.of(context.getEnvironment().getRequiredProperty("tributary.content.folder"));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Runs a maintenance job now, by the name of its bean. */
    public void maintain(String job) {
        context.getBean(job, MaintenanceJob.class).work().run();
    }

    /** The tasks of a run that are on the topic now. */
    public List<ConsumerRecord<String, Task>> tasksOf(UUID runId) {
        return broker.<Task>read(broker.topics().tasks()).stream()
                .filter(task -> task.value().getRunId().equals(runId))
                .toList();
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}
