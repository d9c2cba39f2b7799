package io.tributary.standalone;

import io.tributary.edge.EdgeApplication;
import io.tributary.scheduler.SchedulerApplication;
import io.tributary.sink.SinkApplication;
import io.tributary.standalone.servers.KafkaServer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;
import io.tributary.worker.WorkerApplication;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the services in this process, each as its own Spring context, on the servers given. What is set here
 * arrives as command line arguments do: it beats the services' own configuration and the environment.
 */
record Services(DataDir dataDir, Servers servers, int apiPort, int edgePort) {

    /** The embedded servers, up, and the database in them. */
    record Servers(KafkaServer kafka, PostgresServer postgres, RegistryServer registry, Database database) {}

    ConfigurableApplicationContext scheduler() {
        var settings = common(servers.database().scheduler());
        settings.put("server.port", Integer.toString(apiPort));
        settings.put("tributary.incoming.url", edge());
        settings.put("server.address", "127.0.0.1");
        settings.put("spring.flyway.enabled", "false"); // the database is migrated
        settings.put("tributary.security.issuer", Tokens.ISSUER);
        settings.put("tributary.security.audience", Tokens.AUDIENCE);
        settings.put("tributary.security.public-key", dataDir.tokenPublicKey().toString());
        return run(SchedulerApplication.application(), settings);
    }

    ConfigurableApplicationContext worker() {
        var settings = common(servers.database().worker());
        settings.put("spring.main.web-application-type", "none");
        settings.put("tributary.plugins.directories", pluginDirectories());
        settings.put("tributary.worker.state-directory", dataDir.worker().toString());
        settings.put("tributary.worker.instance-id", "standalone"); // takes its partitions up again at once
        return run(WorkerApplication.application(), settings);
    }

    ConfigurableApplicationContext sink() {
        var settings = common(servers.database().sink());
        settings.put("spring.main.web-application-type", "none");
        return run(SinkApplication.application(), settings);
    }

    ConfigurableApplicationContext edgeService() {
        var settings = common();
        settings.put("server.port", Integer.toString(edgePort));
        settings.put("server.address", "127.0.0.1");
        settings.put("management.server.port", "-1"); // none
        return run(EdgeApplication.application(), settings);
    }

    /** Base URL of the edge. */
    String edge() {
        return "http://127.0.0.1:" + edgePort;
    }

    private Map<String, String> common(Database.Login login) {
        var settings = common();
        settings.put("spring.datasource.url", servers.database().url());
        settings.put("spring.datasource.username", login.user());
        settings.put("spring.datasource.password", login.password());
        settings.put("tributary.content.folder", dataDir.content().toString());
        settings.put("tributary.http.allow-private-addresses", "true");
        return settings;
    }

    private Map<String, String> common() {
        var settings = new HashMap<String, String>();
        settings.put("spring.kafka.bootstrap-servers", servers.kafka().bootstrapServers());
        settings.put("tributary.schema-registry.url", servers.registry().url());
        settings.put("tributary.topics.replication-factor", "1"); // one broker, on this machine
        settings.put("tributary.topics.allow-single-replica", "true");
        settings.put("tributary.credentials.keyset", dataDir.keyset().toString());
        settings.put("spring.main.banner-mode", "off");
        settings.put("spring.main.log-startup-info", "false");
        return settings;
    }

    private String pluginDirectories() {
        return PluginFolders.of(dataDir).stream().map(Path::toString).collect(Collectors.joining(","));
    }

    private static ConfigurableApplicationContext run(
            SpringApplicationBuilder application, Map<String, String> settings) {
        // Standalone closes the contexts itself, in order; a shutdown hook of each would close all at once.
        return application
                .registerShutdownHook(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }
}
