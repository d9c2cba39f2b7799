package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Topics;
import io.tributary.standalone.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts services on the servers of a lab: taken apart and compiled to the full, as in production. */
record Services(Lab lab, Topics topics, int partitions) {

    /** A scheduler for which nothing falls due while something else is measured. */
    ServiceProcess startScheduler(int port, String... flags) {
        return startScheduler("scheduler", port, Map.of("POLLING_CRON_SCHEDULE", "0 0 0 1 1 *"), flags);
    }

    /**
     * One of several schedulers.
     *
     * @param name of its log
     * @param settings environment variables beside those that every scheduler gets
     */
    ServiceProcess startScheduler(String name, int port, Map<String, String> settings, String... flags) {
        var environment = new HashMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SPRING_FLYWAY_ENABLED", "false");
        environment.put("TRIBUTARY_SECURITY_ISSUER", Tokens.ISSUER);
        environment.put(
                "TRIBUTARY_SECURITY_PUBLIC_KEY", lab.keys().tokenPublicKey().toString());
        return start(name, "scheduler-service", List.of(flags), environment);
    }

    /** @param name stable name of the worker: one that ran before gets its state back */
    ServiceProcess startWorker(String name, String... flags) {
        var all = new ArrayList<>(List.of(flags));
        all.addAll(lab.workerFlags());
        Path state = lab.folder().resolve(topics.prefix() + "-" + name);
        return start(
                name,
                "task-worker-service",
                all,
                Map.of(
                        "TRIBUTARY_PLUGINS_DIRECTORIES", lab.plugins().toString(),
                        "TRIBUTARY_WORKER_INSTANCE_ID", name,
                        "TRIBUTARY_WORKER_STATE_DIRECTORY", state.toString()));
    }

    ServiceProcess startSink(String... flags) {
        return start("sink", "output-sink-service", List.of(flags), Map.of());
    }

    private ServiceProcess start(String name, String module, List<String> flags, Map<String, String> itsOwn) {
        var environment = new HashMap<String, String>();
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", lab.bootstrapServers());
        environment.put("SPRING_DATASOURCE_URL", lab.databaseUrl());
        environment.put("SPRING_DATASOURCE_USERNAME", Lab.login(module));
        environment.put("SPRING_DATASOURCE_PASSWORD", Lab.PASSWORD);
        environment.put("TRIBUTARY_SCHEMA_REGISTRY_URL", lab.registryUrl());
        environment.put("TRIBUTARY_TOPICS_PREFIX", topics.prefix());
        environment.put("TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1");
        environment.put("TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA", "true");
        environment.put("TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(partitions));
        environment.put("TRIBUTARY_CREDENTIALS_KEYSET", lab.keys().keyset().toString());
        environment.put("TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES", "true");
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", "0");
        environment.putAll(itsOwn);
        var all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=4"));
        all.addAll(flags);
        Path log = lab.folder().resolve(topics.prefix() + "-" + name + ".log");
        return ServiceProcess.start(lab.service(module), all, environment, log);
    }
}
