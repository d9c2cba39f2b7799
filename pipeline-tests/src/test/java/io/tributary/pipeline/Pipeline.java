package io.tributary.pipeline;

import static org.awaitility.Awaitility.await;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The three services, each a process, on the shared servers of this JVM: with topics, a database, keys and ports of its
 * own.
 */
final class Pipeline implements AutoCloseable {

    private static final Duration START_WITHIN = Duration.ofSeconds(240);

    static {
        // The mail server's threads fail when a killed worker's connections break. That is no failure of the test.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    private final String name;
    private final Path folder;
    private final DataDir keys;
    private final Tokens tokens;
    private final ServiceDatabase database;
    private final @Nullable SecuredServers secured;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, Integer> managementPorts = new HashMap<>();
    private final Map<String, ServiceProcess> processes = new HashMap<>();
    private final Map<String, String> extraEnvironment;
    private final Map<String, Map<String, String>> environmentByService = new HashMap<>();
    private final List<Path> ownPlugins = new ArrayList<>();

    /**
     * @param name what topics and database are called: lower-case letters
     * @param folder for keys, state and logs
     * @param extraEnvironment of all services, on top of what they need
     */
    Pipeline(String name, Path folder, Map<String, String> extraEnvironment) {
        this(name, folder, extraEnvironment, ServiceDatabase.create(name), null);
    }

    /** The services on servers that ask who connects, rather than on the shared ones. */
    Pipeline(SecuredServers servers, Path folder) {
        this(SecuredServers.TOPICS.prefix(), folder, Map.of(), servers.database(), servers);
    }

    private Pipeline(
            String name,
            Path folder,
            Map<String, String> extraEnvironment,
            ServiceDatabase database,
            @Nullable SecuredServers secured) {
        this.name = name;
        this.folder = folder;
        this.extraEnvironment = extraEnvironment;
        this.database = database;
        this.secured = secured;
        keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        tokens = new Tokens(keys, Clock.systemUTC());
    }

    /** A plugin beside those of the project, for workers that are started from now on. */
    Pipeline withPlugin(Path folder) {
        ownPlugins.add(folder);
        return this;
    }

    /** Environment of one service, {@code scheduler}, {@code worker} or {@code sink}, on top of that of all. */
    Pipeline withEnvironment(String service, Map<String, String> environment) {
        environmentByService.put(service, environment);
        return this;
    }

    Pipeline startAll() {
        startScheduler();
        startWorker();
        startSink();
        awaitReady("scheduler");
        awaitReady("worker");
        awaitReady("sink");
        return this;
    }

    void startScheduler() {
        start("scheduler", "scheduler-service");
    }

    void startWorker() {
        start("worker", "task-worker-service");
    }

    void startSink() {
        start("sink", "output-sink-service");
    }

    private void start(String service, String module) {
        int port = ports.computeIfAbsent(service, unused -> ServiceProcess.freePort());
        boolean shared = secured == null;
        var settings = new ServiceEnvironment(
                name,
                shared ? TestServers.kafka().bootstrapServers() : "",
                shared ? TestServers.registry().url() : "",
                keys,
                folder);
        var environment = new HashMap<>(settings.of(service, service, ownPlugins));
        environment.putAll(database.environmentOf(service));
        environment.put("TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1");
        environment.put("TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA", "true");
        if (secured != null) {
            environment.putAll(
                    secured.environmentOf(service, secured.certificate().toString()));
        }
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort(service)));
        environment.putAll(extraEnvironment);
        environment.putAll(environmentByService.getOrDefault(service, Map.of()));
        processes.put(
                service,
                ServiceProcess.start(module, List.of("-Xmx384m"), environment, folder.resolve(service + ".log")));
    }

    void awaitReady(String service) {
        await("readiness of the " + service).atMost(START_WITHIN).until(() -> {
            if (!process(service).isAlive()) {
                throw new AssertionError(
                        "the " + service + " ended: " + process(service).log());
            }
            return Http.answers200("http://127.0.0.1:" + managementPort(service) + "/actuator/health/readiness");
        });
    }

    /** Where a service serves its probes and metrics. */
    int managementPort(String service) {
        return managementPorts.computeIfAbsent(service, unused -> ServiceProcess.freePort());
    }

    ServiceProcess process(String service) {
        ServiceProcess process = processes.get(service);
        if (process == null) {
            throw new AssertionError("no " + service + " was started");
        }
        return process;
    }

    /** The API as a user sees it. */
    Api api(String user) {
        return new Api("http://127.0.0.1:" + ports.get("scheduler"), tokens.mint(user, false));
    }

    /** A token of an operator. */
    Api operator() {
        return new Api("http://127.0.0.1:" + ports.get("scheduler"), tokens.mint("operator", true));
    }

    /** The database as its owner sees it. */
    JdbcClient database() {
        return database.asOwner();
    }

    /** A connection of the database's owner. */
    Connection connectAsOwner() throws SQLException {
        var server = database.postgres();
        return DriverManager.getConnection(database.url(), server.username(), server.password());
    }

    @Override
    public void close() {
        processes.values().forEach(ServiceProcess::close);
    }
}
