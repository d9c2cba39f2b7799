package io.tributary.pipeline;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Workers, each a process, that share the work of their topics. Used by one thread. */
final class WorkerFleet implements AutoCloseable {

    /** A worker without memory helps nobody: it ends, and starts afresh. */
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");

    private final Path folder;
    private final ServiceDatabase database;
    private final Map<String, String> environment;
    private final List<ServiceProcess> workers = new ArrayList<>();

    /**
     * @param name of topics and database: lower-case letters
     * @param folder for keys, state and logs
     * @param plugins folder of the plugins
     * @param kafka what tells the workers about the topics and where they are
     */
    WorkerFleet(String name, Path folder, Path plugins, Map<String, String> kafka) {
        this.folder = folder;
        database = ServiceDatabase.create(name);
        DataDir keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        environment = new HashMap<>(database.environmentOf("worker"));
        environment.put("TRIBUTARY_SCHEMA_REGISTRY_URL", TestServers.registry().url());
        environment.put("TRIBUTARY_TOPICS_PREFIX", name);
        environment.put("TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1");
        environment.put("TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA", "true");
        environment.put("TRIBUTARY_CREDENTIALS_KEYSET", keys.keyset().toString());
        environment.put("TRIBUTARY_PLUGINS_DIRECTORIES", plugins.toString());
        environment.put("SPRING_MAIN_WEB_APPLICATION_TYPE", "none");
        environment.putAll(kafka);
    }

    /** Starts workers; they are ready some seconds later. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            workers.add(startWorker(workers.size()));
        }
    }

    int size() {
        return workers.size();
    }

    void killAndRestart(int worker) {
        workers.get(worker).kill();
        workers.set(worker, startWorker(worker));
    }

    /** Starts those again that ended by themselves, as Kubernetes would. Returns how many did. */
    int restartTheDead() {
        int dead = 0;
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).isAlive()) {
                workers.set(i, startWorker(i));
                dead++;
            }
        }
        return dead;
    }

    /** Every second worker has a name that the group knows again; the others come as strangers each time. */
    private ServiceProcess startWorker(int worker) {
        var its = new HashMap<>(environment);
        its.put(
                "TRIBUTARY_WORKER_STATE_DIRECTORY",
                folder.resolve("state-" + worker).toString());
        if (worker % 2 == 0) {
            its.put("TRIBUTARY_WORKER_INSTANCE_ID", "worker-" + worker);
        }
        return ServiceProcess.start("task-worker-service", FLAGS, its, folder.resolve("worker-" + worker + ".log"));
    }

    /** Connects an account that needs no credentials. */
    void connect(UUID userIntegrationId, String domain) {
        database.asOwner().sql("""
            insert into user_integration (id, user_id, integration_domain, name, config)
            values (?, 'user', ?, 'test', '{}')
            """).params(userIntegrationId, domain).update();
    }

    /** Stops the workers in good order. */
    @Override
    public void close() {
        workers.forEach(ServiceProcess::close);
    }
}
