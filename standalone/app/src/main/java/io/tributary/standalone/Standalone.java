package io.tributary.standalone;

import io.tributary.standalone.servers.KafkaServer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole pipeline, with Kafka in this JVM, Postgres and the schema registry as child processes, and the
 * services as Spring contexts.
 *
 * <pre>
 * Postgres --> database --+
 *     +--> registry ------+--> scheduler, worker, sink, edge
 * Kafka ------------------+
 * </pre>
 */
public final class Standalone implements AutoCloseable {

    private final Endpoints endpoints;
    private final StopInOrder running;

    private Standalone(Endpoints endpoints, StopInOrder running) {
        this.endpoints = endpoints;
        this.running = running;
    }

    /**
     * Starts everything, as much of it at the same time as can be. Continues where the last instance on the data folder
     * stopped: its runs go on.
     *
     * @param listener called for each part as it becomes ready
     * @throws UserError when a port or the folder is in use, or the folder cannot be written
     * @throws io.tributary.standalone.servers.ServerFailure when a server cannot start; the message says why
     * @throws InterruptedException when interrupted; whatever the failure, nothing of it keeps running
     */
    public static Standalone start(DataDir dataDir, ServerPorts ports, Part.Listener listener)
            throws InterruptedException {
        var running = new StopInOrder();
        try {
            running.add(StopInOrder.Phase.FOLDER, dataDir.lock());
            ports.requireFree();
            Keys.createMissing(dataDir);
            return new Starting(dataDir, ports, listener, running).start();
        } catch (RuntimeException | InterruptedException e) {
            running.stop();
            throw e;
        }
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    /**
     * Stops in order: no more requests and no new runs, then the worker's and the sink's work in hand is brought to an
     * end, then the servers. Takes 20 s at most. A second call does nothing.
     */
    @Override
    public void close() {
        running.stop();
    }

    /** One start. Everything that is up is handed to {@code running} at once, so that a failure later on stops it. */
    private record Starting(DataDir dataDir, ServerPorts ports, Part.Listener listener, StopInOrder running) {

        Standalone start() throws InterruptedException {
            // Closing the executor waits for its threads: when one part fails, the others are up or gone by then.
            try (var threads = Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("start-", 0).factory())) {
                try {
                    var servers = startServers(threads);
                    var services = new Services(dataDir, servers, ports.api(), ports.chosenEdge());
                    return announce(services, startServices(threads, services));
                } catch (InterruptedException e) {
                    threads.shutdownNow();
                    throw e;
                }
            }
        }

        private Services.Servers startServers(ExecutorService threads) throws InterruptedException {
            var kafka = threads.submit(() -> ready(Part.KAFKA, up(KafkaServer.start(dataDir.kafka(), ports.kafka()))));
            var postgres = PostgresServer.start(dataDir.postgres(), ports.postgres());
            running.add(StopInOrder.Phase.POSTGRES, postgres);
            listener.ready(Part.POSTGRES);
            var registry = threads.submit(() ->
                    ready(Part.REGISTRY, up(RegistryServer.start(dataDir.registry(), ports.registry(), postgres))));
            var database = Database.prepare(postgres);
            return new Services.Servers(result(kafka), postgres, result(registry), database);
        }

        private ConfigurableApplicationContext startServices(ExecutorService threads, Services services)
                throws InterruptedException {
            var worker = threads.submit(service(Part.WORKER, StopInOrder.Phase.WORKER, services::worker));
            var sink = threads.submit(service(Part.SINK, StopInOrder.Phase.SINK, services::sink));
            var scheduler = threads.submit(service(Part.SCHEDULER, StopInOrder.Phase.SCHEDULER, services::scheduler));
            var edge = threads.submit(service(Part.EDGE, StopInOrder.Phase.SCHEDULER, services::edgeService));
            result(worker);
            result(sink);
            result(edge);
            return result(scheduler);
        }

        private Callable<ConfigurableApplicationContext> service(
                Part part, StopInOrder.Phase phase, Callable<ConfigurableApplicationContext> start) {
            return () -> {
                var context = start.call();
                running.add(phase, context);
                listener.ready(part);
                return context;
            };
        }

        private <S extends AutoCloseable> S up(S server) {
            running.add(StopInOrder.Phase.SERVERS, server);
            return server;
        }

        private <S> S ready(Part part, S server) {
            listener.ready(part);
            return server;
        }

        private Standalone announce(Services services, ConfigurableApplicationContext scheduler) {
            var servers = services.servers();
            var postgres = servers.postgres();
            var endpoints = new Endpoints(
                    ProcessHandle.current().pid(),
                    "http://127.0.0.1:" + scheduler.getEnvironment().getRequiredProperty("local.server.port"),
                    services.edge(),
                    servers.kafka().bootstrapServers(),
                    servers.database().url(),
                    postgres.username(),
                    postgres.password(),
                    servers.registry().url());
            running.add(StopInOrder.Phase.ANNOUNCEMENT, () -> Endpoints.delete(dataDir));
            endpoints.write(dataDir);
            return new Standalone(endpoints, running);
        }
    }

    /** The result; the failure of the other thread becomes the caller's. */
    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
