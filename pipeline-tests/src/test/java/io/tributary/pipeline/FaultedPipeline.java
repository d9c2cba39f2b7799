package io.tributary.pipeline;

import static org.awaitility.Awaitility.await;

import io.tributary.integrations.workbench.server.TcpFaultProxy;
import io.tributary.pipeline.plugin.VersionedIntegration;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.servers.KafkaCluster;
import io.tributary.standalone.servers.TestServers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two replicas of each service, three brokers and a Postgres, each a process that can be killed and stopped;
 * connections to Postgres and to the registry pass through proxies that can cut them off. Used by one thread.
 */
final class FaultedPipeline implements AutoCloseable {

    static final String PREFIX = "faulted";

    private static final int REPLICAS = 2;
    private static final Duration START_WITHIN = Duration.ofMinutes(4);

    private final Path folder;
    private final KafkaCluster brokers;
    private final KillablePostgres postgres;
    private final ServiceDatabase database;
    private final Tokens tokens;
    private final ServiceEnvironment environment;
    private final Path plugin;
    private final TcpFaultProxy toRegistry;
    private final List<Service> services;

    /** A service, with its way to Postgres. */
    private final class Service {
        private final String name;
        private final String module;
        private final TcpFaultProxy toPostgres =
                TcpFaultProxy.to(postgres.admin().port());
        private final List<Replica> replicas = new ArrayList<>();

        Service(String name, String module) {
            this.name = name;
            this.module = module;
        }

        ServiceProcess start(String instance, int port) {
            var its = new HashMap<>(environment.of(name, instance, List.of(plugin)));
            its.putAll(database.environmentOf(name));
            its.put(
                    "SPRING_DATASOURCE_URL",
                    database.url().replace(":" + postgres.admin().port() + "/", ":" + toPostgres.port() + "/"));
            its.put("SERVER_PORT", Integer.toString(port));
            its.put("TRIBUTARY_TOPICS_REPLICATION_FACTOR", Integer.toString(KafkaCluster.BROKERS));
            its.put("TRIBUTARY_MAINTENANCE_UNTAKEN_AFTER", "10s");
            return ServiceProcess.start(
                    module, List.of("-Xmx320m", "-XX:+ExitOnOutOfMemoryError"), its, folder.resolve(instance + ".log"));
        }
    }

    /** One process of a service; a restarted one has its name and port. */
    private static final class Replica {
        private final Service service;
        private final String name;
        private final int port = ServiceProcess.freePort();
        private ServiceProcess process;

        Replica(Service service, int number) {
            this.service = service;
            name = service.name + "-" + number;
            process = service.start(name, port);
        }

        void restart() {
            process = service.start(name, port);
        }

        void awaitReady() {
            await("readiness of " + name).atMost(START_WITHIN).until(() -> {
                if (!process.isAlive()) {
                    throw new AssertionError(name + " ended: " + process.log());
                }
                return Http.answers200("http://127.0.0.1:" + port + "/actuator/health/readiness");
            });
        }
    }

    /** Starts everything, and returns when all replicas are ready. */
    static FaultedPipeline start(Path folder) {
        var pipeline = new FaultedPipeline(folder);
        try {
            for (Service service : pipeline.services) {
                for (int number = 0; number < REPLICAS; number++) {
                    service.replicas.add(new Replica(service, number));
                }
            }
            pipeline.replicas().forEach(Replica::awaitReady);
            return pipeline;
        } catch (RuntimeException | AssertionError e) {
            pipeline.close();
            throw e;
        }
    }

    private FaultedPipeline(Path folder) {
        this.folder = folder;
        brokers = KafkaCluster.start(folder.resolve("kafka"));
        postgres = new KillablePostgres(folder.resolve("postgres"));
        database = ServiceDatabase.create(PREFIX, postgres.admin());
        URI registry = URI.create(TestServers.registry().url());
        toRegistry = TcpFaultProxy.to(registry.getPort());
        DataDir keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        tokens = new Tokens(keys, Clock.systemUTC());
        plugin = PluginJar.pack(folder, VersionedIntegration.class);
        environment = new ServiceEnvironment(
                PREFIX,
                brokers.bootstrapServers(),
                "http://127.0.0.1:" + toRegistry.port() + registry.getPath(),
                keys,
                folder);
        services = List.of(
                new Service("scheduler", "scheduler-service"),
                new Service("worker", "task-worker-service"),
                new Service("sink", "output-sink-service"));
    }

    private Stream<Replica> replicas() {
        return services.stream().flatMap(service -> service.replicas.stream());
    }

    private Service service(String name) {
        return services.stream()
                .filter(service -> service.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether another broker may be killed without a loss of what two of them acknowledged. */
    boolean brokersAreInSync() {
        return brokers.isInSync();
    }

    void killBroker(int broker) {
        brokers.killAndRestart(broker);
    }

    void killPostgres() {
        postgres.killAndRestart();
    }

    void kill(String service, int number) {
        Replica replica = service(service).replicas.get(number);
        replica.process.kill();
        replica.restart();
    }

    /** Stops a process by signal; the returned action resumes it. */
    Runnable pause(String service, int number) {
        ServiceProcess paused = service(service).replicas.get(number).process;
        paused.pause();
        return paused::resume;
    }

    /** Cuts a service off Postgres; the returned action ends that. */
    Runnable cutOffPostgres(String service) {
        return cut(service(service).toPostgres);
    }

    /** Cuts all services off the registry; the returned action ends that. */
    Runnable cutOffRegistry() {
        return cut(toRegistry);
    }

    private static Runnable cut(TcpFaultProxy proxy) {
        proxy.refuse();
        return proxy::heal;
    }

    /** Starts those again that ended by themselves, as Kubernetes would. */
    void restartTheDead() {
        replicas().filter(replica -> !replica.process.isAlive()).forEach(Replica::restart);
    }

    /** The API of one of the schedulers. */
    Api api(Random random, boolean operator) {
        int port = service("scheduler").replicas.get(random.nextInt(REPLICAS)).port;
        return new Api("http://127.0.0.1:" + port, tokens.mint("ada", operator));
    }

    /** The database as its owner sees it, past the proxies. */
    JdbcClient database() {
        return database.asOwner();
    }

    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    @Override
    public void close() {
        replicas().forEach(replica -> replica.process.kill());
        services.forEach(service -> service.toPostgres.close());
        toRegistry.close();
        postgres.close();
        brokers.close();
    }
}
