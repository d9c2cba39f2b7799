package io.tributary.pipeline;

import static org.awaitility.Awaitility.await;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The three services, each a process, on the shared servers of this JVM: with topics, a database, keys and ports of its
 * own.
 */
final class Pipeline implements AutoCloseable {

    private static final Duration START_WITHIN = Duration.ofSeconds(120);

    static {
        // The mail server's threads fail when a killed worker's connections break. That is no failure of the test.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    private final String name;
    private final Path folder;
    private final DataDir keys;
    private final Tokens tokens;
    private final ServiceDatabase database;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, ServiceProcess> processes = new HashMap<>();
    private final Map<String, String> extraEnvironment;
    private final List<Path> ownPlugins = new ArrayList<>();

    /**
     * @param name what topics and database are called: lower-case letters
     * @param folder for keys, state and logs
     * @param extraEnvironment of all services, on top of what they need
     */
    Pipeline(String name, Path folder, Map<String, String> extraEnvironment) {
        this.name = name;
        this.folder = folder;
        this.extraEnvironment = extraEnvironment;
        keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        tokens = new Tokens(keys, Clock.systemUTC());
        database = ServiceDatabase.create(name);
    }

    /** A plugin beside those of the project, for workers that are started from now on. */
    Pipeline withPlugin(Path folder) {
        ownPlugins.add(folder);
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
        start(
                "scheduler",
                "scheduler-service",
                Map.of(
                        "SPRING_FLYWAY_ENABLED",
                        "false",
                        "TRIBUTARY_SECURITY_ISSUER",
                        Tokens.ISSUER,
                        "TRIBUTARY_SECURITY_PUBLIC_KEY",
                        keys.tokenPublicKey().toString()));
    }

    void startWorker() {
        start(
                "worker",
                "task-worker-service",
                Map.of(
                        "TRIBUTARY_PLUGINS_DIRECTORIES", pluginFolders(),
                        "TRIBUTARY_WORKER_STATE_DIRECTORY",
                                folder.resolve("worker-state").toString()));
    }

    void startSink() {
        start("sink", "output-sink-service", Map.of());
    }

    private void start(String service, String module, Map<String, String> itsOwn) {
        int port = ports.computeIfAbsent(service, unused -> freePort());
        var environment = new HashMap<String, String>();
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafka().bootstrapServers());
        environment.putAll(database.environmentOf(service));
        environment.put("TRIBUTARY_SCHEMA_REGISTRY_URL", TestServers.registry().url());
        environment.put("TRIBUTARY_TOPICS_PREFIX", name);
        environment.put("TRIBUTARY_TOPICS_PARTITIONS", "4");
        environment.put("TRIBUTARY_CREDENTIALS_KEYSET", keys.keyset().toString());
        environment.put("TRIBUTARY_CONTENT_FOLDER", folder.resolve("content").toString());
        environment.put("TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES", "true");
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.putAll(itsOwn);
        environment.putAll(extraEnvironment);
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
            return Http.answers200("http://127.0.0.1:" + ports.get(service) + "/actuator/health/readiness");
        });
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

    /** The database as its owner sees it. */
    JdbcClient database() {
        return database.asOwner();
    }

    private String pluginFolders() {
        Path integrations = Path.of(System.getProperty("tributary.home"), "integrations");
        try (var folders = Files.list(integrations)) {
            return Stream.concat(
                            folders.map(integration -> integration.resolve("target/plugin"))
                                    .filter(Files::isDirectory),
                            ownPlugins.stream())
                    .map(Path::toString)
                    .collect(Collectors.joining(","));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        processes.values().forEach(ServiceProcess::close);
    }
}
